// See placement.h.
#include "schedule/placement.h"

#include <wick/error.h>

#include "base/log.h"
#include "plugins/registry.h"
#include "schedule/automatic.h"
#include "schedule/expected_speed.h"
#include "schedule/layer_split.h"
#include "schedule/plan_lines.h"

namespace wick {
namespace {

std::optional<DeviceSpeed> speed_or_nothing(const ListedDevice& device, const SpeedOf& speed_of) {
  try {
    return speed_of(device);
  } catch (const Error& e) {
    log_warning("backend {}: its speed could not be measured: {}", device.name, e.what());
    return std::nullopt;
  }
}

/// Asked once for a device that is entered twice.
std::vector<std::optional<DeviceSpeed>> speeds_of(const std::vector<ListedDevice>& devices,
                                                  const SpeedOf& speed_of) {
  std::vector<std::optional<DeviceSpeed>> speeds;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const Device& device = devices[i].device;
    std::size_t same = 0;
    while (devices[same].device.self() != device.self() ||
           devices[same].device.index() != device.index())
      ++same;
    speeds.push_back(same < i ? speeds[same] : speed_or_nothing(devices[i], speed_of));
  }
  return speeds;
}

}  // namespace

Placement place_on(Registry& registry, const PlacementOptions& options, const ModelDemand& demand,
                   const std::string& whole_reason) {
  Placement placement;
  placement.devices = open_devices(registry, options.backends);
  const auto limits = match_numbers(placement.devices, options.memory, "--memory");
  for (std::size_t i = 0; i < limits.size(); ++i)
    if (limits[i]) placement.devices[i].memory_limit = *limits[i];
  const auto forced = match_numbers(placement.devices, options.layers, "--layers");
  SegmentEstimates estimates(demand, placement.devices);
  // One device gets all, however fast it is.
  const bool is_divided = placement.devices.size() > 1;
  std::vector<std::optional<DeviceSpeed>> speeds(placement.devices.size());
  if (options.speed && (is_divided || options.wants_speed))
    speeds = speeds_of(placement.devices, options.speed);
  LayerSplit split = split_layers(estimates, forced, costs_of(speeds));
  placement.lines = plan_lines(estimates, split, whole_reason);
  placement.segments = segments_of(split.owners, demand.parts);
  placement.owners = std::move(split.owners);
  if (options.wants_speed) expect_speed(placement.lines, placement.segments, estimates, speeds);
  return placement;
}

Placement place(Registry& registry, const PlacementOptions& options, const ModelDemand& demand) {
  if (options.backends.empty()) return place_automatically(registry, options, demand);
  return place_on(registry, options, demand, "first of --backend, and all layers fit");
}

}  // namespace wick
