// What a token takes by a plan, before anything runs: bytes and multiply-adds of products, over the
// measured speed of each device.
#pragma once

#include <optional>
#include <vector>

#include "schedule/arrangement.h"
#include "schedule/device_speed.h"

namespace wick {

/// Fills token_seconds and prompt_seconds of each line, which belongs to the segment of the same
/// index. `speeds`: of each device; lines of those without one are left as they are.
void expect_speed(std::vector<PlanLine>& lines, const std::vector<PlacedSegment>& segments,
                  SegmentEstimates& estimates,
                  const std::vector<std::optional<DeviceSpeed>>& speeds);

}  // namespace wick
