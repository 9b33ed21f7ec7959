// See segment_loader.h. One device after the other: all of them read one file.
#include "model/segment_loader.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "model/weight_loader.h"
#include "schedule/named_memory.h"

namespace wick {
namespace {

using WeightsByValue = std::map<std::uint32_t, wick_weight*>;  // of the whole graph

/// What one device is to hold.
struct DeviceLoad {
  std::vector<wick_weight_desc> descs;
  std::vector<WeightLoad> loads;
  double bytes = 0;  // of the file
};

DeviceLoad load_of(const BoundModel& model, const ModelDemand& demand, const Owners& owners,
                   std::size_t device) {
  std::vector<bool> has;
  std::transform(owners.begin(), owners.end(), std::back_inserter(has),
                 [&](std::size_t owner) { return owner == device; });
  const SegmentGraph held = cut_graph(*demand.graph, demand.parts, has);
  std::map<std::uint32_t, const WeightSource*> sources;
  for (const WeightSource& source : model.weights()) sources[source.value] = &source;
  DeviceLoad load;
  for (const wick_weight_use& use : weights_of(held, demand, load.descs)) {
    const WeightSource* source = sources.at(held.whole_value[use.value]);
    load.loads.push_back({source, *use.desc});
    load.bytes += static_cast<double>(*source->tensor->n_bytes);
  }
  return load;
}

std::vector<wick_weight_binding> bind_weights(const SegmentGraph& cut,
                                              const WeightsByValue& weights) {
  std::vector<wick_weight_binding> bindings;
  for (std::uint32_t i = 0; i < cut.graph.values.size(); ++i)
    if (cut.graph.values[i].kind == WICK_VALUE_WEIGHT)
      bindings.push_back({i, 0, weights.at(cut.whole_value[i])});
  return bindings;
}

struct HeldWeights {
  std::vector<Owned<wick_weight>> all;
  std::vector<WeightsByValue> of_device;
};

HeldWeights load_devices(const BoundModel& model, const ModelDemand& demand,
                         const Placement& placement, ThreadPool& pool,
                         const std::function<void(double)>& progress) {
  std::vector<DeviceLoad> loads;
  double all_bytes = 0, done_bytes = 0;
  for (std::size_t i = 0; i < placement.devices.size(); ++i) {
    loads.push_back(load_of(model, demand, placement.owners, i));
    all_bytes += loads.back().bytes;
  }
  HeldWeights held{{}, std::vector<WeightsByValue>(placement.devices.size())};
  for (std::size_t i = 0; i < placement.devices.size(); ++i) {
    const DeviceLoad& load = loads[i];
    if (load.loads.empty()) continue;
    const auto report = [&](double done) {
      progress((done_bytes + done * load.bytes) / all_bytes);
    };
    std::vector<Owned<wick_weight>> made;
    with_named_memory("weights on " + placement.devices[i].name, [&] {
      made = load_weights(model, load.loads, placement.devices[i].device, pool, report);
    });
    for (std::size_t j = 0; j < made.size(); ++j)
      held.of_device[i][load.loads[j].source->value] = made[j].get();
    std::move(made.begin(), made.end(), std::back_inserter(held.all));
    done_bytes += load.bytes;
  }
  return held;
}

}  // namespace

LoadedSegments load_segments(const BoundModel& model, const ModelDemand& demand,
                             const Placement& placement, ThreadPool& pool,
                             const std::function<void(double)>& progress) {
  HeldWeights held = load_devices(model, demand, placement, pool, progress);
  LoadedSegments loaded;
  loaded.weights = std::move(held.all);
  for (std::size_t i = 0; i < placement.segments.size(); ++i) {
    const PlacedSegment& placed = placement.segments[i];
    const ListedDevice& listed = placement.devices[placed.device];
    SegmentSource source{listed.device, placement.lines[i].part + " on " + listed.name, {}, {}};
    source.cut = cut_graph(*demand.graph, demand.parts,
                           part_range(demand.parts, placed.first_part, placed.last_part));
    source.weights = bind_weights(source.cut, held.of_device[placed.device]);
    loaded.sources.push_back(std::move(source));
  }
  return loaded;
}

}  // namespace wick
