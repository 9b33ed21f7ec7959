// Chooses devices for a model from what --backend names, or by what helps, and says why. Allocates
// nothing, but for measuring.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "schedule/arrangement.h"
#include "schedule/device_speed.h"
#include "schedule/plan_report.h"

namespace wick {

class Registry;

/// Known or measured; nothing where it cannot be. May throw what the device says.
using SpeedOf = std::function<std::optional<DeviceSpeed>(const ListedDevice&)>;

struct PlacementOptions {
  std::vector<std::string> backends;  ///< as --backend gives them; empty: automatic
  std::vector<DeviceNumber> layers;   ///< forced numbers of layers
  std::vector<DeviceNumber> memory;   ///< bytes that the plan may use at most
  SpeedOf speed;                      ///< asked where it decides, or is wanted
  bool wants_speed = false;           ///< in the lines, whatever it decides
  /// Automatic: entries that are not to be used any more, and why.
  std::map<std::string, std::string> failed{};
};

struct Placement {
  std::vector<ListedDevice> devices;
  Owners owners;
  std::vector<PlacedSegment> segments;  ///< in the order in which they run
  std::vector<PlanLine> lines;          ///< one each
  std::vector<std::string> notes;       ///< automatic mode: what was passed over, and why
};

/// The devices of options.backends, in their order, all of which must be there. Errors:
/// kUnavailable for a backend, device or op that is not there; kOutOfMemory where the model does
/// not fit; kUsage for what options say wrongly.
Placement place_on(Registry& registry, const PlacementOptions& options, const ModelDemand& demand,
                   const std::string& whole_reason);

/// Entries are "cpu", or "NAME:1" and "NAME:TEXT" for one device of several; none: automatic, see
/// automatic.h. Errors as above.
Placement place(Registry& registry, const PlacementOptions& options, const ModelDemand& demand);

}  // namespace wick
