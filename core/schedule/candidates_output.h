// Where a device finds the likeliest tokens itself: they take the place of the logits as what comes
// back. Not for choosing among them: see generate/sampler.h.
#pragma once

#include <cstdint>
#include <vector>

#include "schedule/segment.h"

namespace wick {

/// More are not worth it: a row of logits is quicker to look through on the host.
constexpr std::uint32_t kMostCandidates = 256;

/// Puts top_k@1 of n columns behind the value `logits` of the whole graph, in the segment that
/// makes it, and makes that the output, as value `candidates` of the whole graph. False, and
/// nothing is changed, where its device does not offer the op, or n is 0, too many, or all there
/// are.
bool put_candidates_output(std::vector<SegmentSource>& sources, std::uint32_t logits,
                           std::uint32_t candidates, std::uint32_t n);

}  // namespace wick
