// The reference ops as a backend: what the kit is checked against, and, with a fault, what it must
// refuse. Not for use: it computes in doubles and knows no hurry.
#pragma once

#include "conformance/reference/interpreter.h"

#include <wick/sdk/backend.h>

#include <memory>
#include <string>
#include <vector>

namespace wick::tests {

/// Mistakes that backends make.
enum class Fault {
  kNone,
  kRopeOtherLayout,
  kYarnIgnored,
  kFactorsIgnored,
  kWindowOffByOne,
  kKvHeadsInTurns,  ///< head h uses kv head h % n_kv_heads
  kScoresUnscaled,
  kMinIgnored,
  kSubScaleUnsigned,  ///< sub scales taken as if their lowest value were 0
  kLastColumnLost,
  kActivationsInSixBits,
  kHalfSums,        ///< precise results rounded to f16
  kConvBorderLost,  ///< a run leaves its state in its last block only
  kConvStateIgnored,
  kCopyForgotten,   ///< state_copy does nothing
  kResizeForgets,   ///< state_resize clears
  kWriteForgotten,  ///< state_write does nothing
  kOneSequence,     ///< every run uses the blocks of the first
  kEstimateTooLow,
  kGeluByErf,
  kNormOverRow,  ///< rms_norm over whole rows where the weight is shorter
  kTiesToTheHigher,
  kNanIsSmallest,
  kOutputsOffByOne,
  kBiasWeighs,         ///< of experts: the bias counts in their weights too
  kExpertsInTiles,     ///< an expert is looked for at the next multiple of 16 rows
  kFirstPartForSlots,  ///< every slot multiplies the first part of its row
};

/// With a device for each id; none of them can use the host's memory in place.
std::unique_ptr<sdk::Backend> make_reference_backend(const wick_graph_api* graph_api,
                                                     Fault fault = Fault::kNone,
                                                     std::vector<std::string> device_ids = {
                                                         "reference"});

}  // namespace wick::tests
