// The plan in words and bytes: a line for each segment.
#pragma once

#include <string>
#include <vector>

#include "schedule/layer_split.h"

namespace wick {

/// `whole_reason` is said where one device takes the whole model. Errors: kUnavailable for an op
/// that a device cannot run.
std::vector<PlanLine> plan_lines(SegmentEstimates& estimates, const LayerSplit& split,
                                 const std::string& whole_reason);

}  // namespace wick
