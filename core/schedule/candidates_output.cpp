// See candidates_output.h.
#include "schedule/candidates_output.h"

#include <wick/sdk/guard.h>

#include <algorithm>

namespace wick {
namespace {

constexpr const char* kOp = "top_k@1";

bool offers_op(const Device& device) {
  std::uint32_t support = WICK_SUPPORT_NONE;
  device.call(device.table().supports, device.index(), sdk::to_str(kOp),
              static_cast<const wick_storage_class*>(nullptr), WICK_TYPE_F32, &support);
  return support != WICK_SUPPORT_NONE;
}

/// The value of the cut that is `logits` of the whole, where this segment makes it.
std::uint32_t made_value(const SegmentGraph& cut, std::uint32_t logits) {
  const auto found = std::find(cut.whole_value.begin(), cut.whole_value.end(), logits);
  const auto i = static_cast<std::uint32_t>(found - cut.whole_value.begin());
  const bool is_made = found != cut.whole_value.end() && cut.graph.values[i].is_output;
  return is_made ? i : WICK_NONE;
}

}  // namespace

bool put_candidates_output(std::vector<SegmentSource>& sources, std::uint32_t logits,
                           std::uint32_t candidates, std::uint32_t n) {
  for (SegmentSource& source : sources) {
    SegmentGraph& cut = source.cut;
    const std::uint32_t from = made_value(cut, logits);
    if (from == WICK_NONE) continue;
    const std::vector<std::int64_t> dims = cut.graph.values[from].dims;
    if (n == 0 || n > kMostCandidates || n >= dims.back() || !offers_op(source.device))
      return false;
    cut.graph.values[from].is_output = false;
    Node node;
    node.op = kOp;
    node.inputs = {from};
    node.output = static_cast<std::uint32_t>(cut.graph.values.size());
    node.attributes["k"] = std::int64_t{n};
    cut.graph.values.push_back(
        {WICK_VALUE_ACTIVATION, "candidates", {dims.front(), std::int64_t{2} * n}, true});
    cut.whole_value.push_back(candidates);
    cut.graph.nodes.push_back(std::move(node));
    return true;
  }
  return false;
}

}  // namespace wick
