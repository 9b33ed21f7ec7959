// Chooses devices for a model from what --backend names, or by rank, and says why. Allocates
// nothing.
#pragma once

#include <string>
#include <vector>

#include "schedule/arrangement.h"
#include "schedule/plan_report.h"

namespace wick {

class Registry;

struct PlacementOptions {
  std::vector<std::string> backends;  ///< as --backend gives them; empty: automatic
  std::vector<DeviceNumber> layers;   ///< forced numbers of layers
  std::vector<DeviceNumber> memory;   ///< bytes that the plan may use at most
};

struct Placement {
  std::vector<ListedDevice> devices;
  Owners owners;
  std::vector<PlacedSegment> segments;  ///< in the order in which they run
  std::vector<PlanLine> lines;          ///< one each
  std::vector<std::string> notes;       ///< automatic mode: what was passed over, and why
};

/// Entries are "cpu", or "NAME:1" and "NAME:TEXT" for one device of several; none: automatic, the
/// highest rank that can. Errors: kUnavailable for a backend, device or op that is not there,
/// kOutOfMemory where the model does not fit, both only for backends that were named; kUsage for
/// what options say wrongly.
Placement place(Registry& registry, const PlacementOptions& options, const ModelDemand& demand);

}  // namespace wick
