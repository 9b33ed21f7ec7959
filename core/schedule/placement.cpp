// See placement.h.
#include "schedule/placement.h"

#include <wick/error.h>

#include "plugins/registry.h"
#include "schedule/layer_split.h"
#include "schedule/plan_lines.h"

namespace wick {
namespace {

Placement place_on(Registry& registry, const PlacementOptions& options, const ModelDemand& demand,
                   const std::string& whole_reason) {
  Placement placement;
  placement.devices = open_devices(registry, options.backends);
  const auto limits = match_numbers(placement.devices, options.memory, "--memory");
  for (std::size_t i = 0; i < limits.size(); ++i)
    if (limits[i]) placement.devices[i].memory_limit = *limits[i];
  const auto forced = match_numbers(placement.devices, options.layers, "--layers");
  SegmentEstimates estimates(demand, placement.devices);
  LayerSplit split = split_layers(estimates, forced);
  placement.lines = plan_lines(estimates, split, whole_reason);
  placement.segments = segments_of(split.owners, demand.parts);
  placement.owners = std::move(split.owners);
  return placement;
}

Placement place_automatically(Registry& registry, const PlacementOptions& options,
                              const ModelDemand& demand) {
  std::vector<std::string> notes;
  for (const Offer& offer : registry.offers("backend")) {
    try {
      PlacementOptions one = options;
      one.backends = {offer.id};
      Placement placement =
          place_on(registry, one, demand, "highest rank of the backends that can run it");
      placement.notes = std::move(notes);
      return placement;
    } catch (const Error& e) {
      if (e.code() == ErrorCode::kUsage) throw;
      notes.push_back(offer.id + ": " + e.what());
    }
  }
  std::string why;
  for (const std::string& note : notes) why += "; " + note;
  fail(ErrorCode::kUnavailable, "no backend can run this model",
       why.empty() ? "; none is installed, see `wick plugins`" : why);
}

}  // namespace

Placement place(Registry& registry, const PlacementOptions& options, const ModelDemand& demand) {
  if (options.backends.empty()) return place_automatically(registry, options, demand);
  return place_on(registry, options, demand, "first of --backend, and all layers fit");
}

}  // namespace wick
