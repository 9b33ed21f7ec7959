// Which steps run between two barriers. Not for running them (plan.h).
#pragma once

#include <memory>
#include <vector>

#include "ops/step.h"

namespace wick::cpu {

/// Sorts steps into phases and sets Step::phase, which grows by one at every barrier, and
/// Step::claim_slot. Steps of one
/// phase may run side by side, a thread being ahead of another by as many as it likes: what one of
/// them writes, no other touches but by the same partition. A step comes before its place where
/// nothing stands against it, so that independent products share a phase.
///
/// Before the call every value is made before it is read, and once; after it too.
void make_phases(std::vector<std::unique_ptr<Step>>& steps);

/// The most steps of one phase that hand out work.
std::uint32_t count_claim_slots(const std::vector<std::unique_ptr<Step>>& steps) noexcept;

}  // namespace wick::cpu
