// Chooses the device for a model from what --backend names, or by rank, and says why. Allocates
// nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schedule/device.h"
#include "schedule/plan_report.h"

namespace wick {

class Registry;

struct Placement {
  Device device;
  PlanLine line;
  std::vector<std::string> notes;  ///< automatic mode: what was passed over, and why
};

/// `backends` as --backend gives them: "cpu", or "NAME:1" and "NAME:TEXT" for one device of
/// several; empty: automatic, the highest rank that can. `request` describes the whole model.
/// Errors: kUnavailable for a backend, device or op that is not there, kOutOfMemory where it does
/// not fit, both only for backends that were named; kUsage for a malformed name.
Placement place(Registry& registry, const std::vector<std::string>& backends,
                const wick_segment_request& request);

}  // namespace wick
