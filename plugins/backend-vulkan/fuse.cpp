// See fuse.h. What is fused for one token (norms, gates, rope) would be computed again by every
// workgroup of a product; for many tokens that costs more than it saves.
#include "fuse.h"

namespace wick::vulkan {

Fusions::Fusions(const sdk::GraphView& graph, const std::map<std::uint32_t, BoundWeight>& weights,
                 const Capabilities& can, bool precise, std::uint32_t max_tokens)
    : graph_(graph),
      weights_(weights),
      uses_(graph),
      can_(can),
      precise_(precise),
      is_decode_(max_tokens == 1) {}

bool Fusions::has_dots(const sdk::GraphNode& matmul) const {
  if (precise_ || !can_.integer_dot || !can_.quads || matmul.op != "matmul@1" ||
      matmul.inputs.size() != 2)
    return false;
  const auto bound = weights_.find(matmul.inputs[1]);
  if (bound == weights_.end() || bound->second.layout->is_vector) return false;
  const Layout& layout = *bound->second.layout;
  // Rounded inputs lie in shared memory: 40 bytes a unit, and what the workgroup sums by.
  constexpr std::uint64_t kRest = 2048;
  return layout.packing.kind == Kind::kAffine && layout.n_cols % kUnit == 0 &&
         std::uint64_t{layout.n_units} * 40 + kRest <= can_.shared_bytes;
}

bool Fusions::is_inner_norm(const sdk::GraphNode& norm) const {
  if (!is_decode_ || norm.op != "rms_norm@1" || norm.inputs.size() < 2) return false;
  const auto weight = weights_.find(norm.inputs[1]);
  if (weight == weights_.end() || !weight->second.layout->is_vector ||
      weight->second.layout->n_cols != graph_.values()[norm.output].width())
    return false;
  return uses_.is_read_only_by(norm.output, [&](const sdk::GraphNode& reader) {
    return has_dots(reader) && reader.inputs[0] == norm.output;
  });
}

const sdk::GraphNode* Fusions::norm_before(const sdk::GraphNode& matmul) const {
  if (!has_dots(matmul)) return nullptr;
  const sdk::GraphNode* made = uses_.maker(matmul.inputs[0]);
  return made && is_inner_norm(*made) ? made : nullptr;
}

bool Fusions::is_gated(const sdk::GraphNode& swiglu) const {
  if (!is_decode_) return false;
  const sdk::ValueUses::Gate found = uses_.gate_of(swiglu);
  if (!found.gate || !has_dots(*found.gate) || !has_dots(*found.up)) return false;
  const Layout &gate = *weights_.at(found.gate->inputs[1]).layout,
               &up = *weights_.at(found.up->inputs[1]).layout;
  return gate.packing == up.packing && gate.n_rows == up.n_rows && gate.n_cols == up.n_cols;
}

bool Fusions::is_rounded(std::uint32_t value) const {
  const sdk::GraphNode* made = uses_.maker(value);
  const sdk::GraphNode* reader = uses_.only_reader(value);
  return made && reader && is_gated(*made) && has_dots(*reader) && reader->inputs[0] == value &&
         graph_.values()[value].width() % kUnit == 0;
}

bool Fusions::has_matrices(const sdk::GraphNode& matmul) const {
  if (precise_ || can_.matrices == Matrices::kNone || matmul.op != "matmul@1" ||
      matmul.inputs.size() < 2)
    return false;
  const auto bound = weights_.find(matmul.inputs[1]);
  return bound != weights_.end() && !bound->second.layout->is_vector &&
         bound->second.layout->n_cols % kUnit == 0;
}

bool Fusions::has_prompt(const sdk::GraphNode& attention) const {
  const std::int64_t head_dim = graph_.integer(attention, "head_dim", 0);
  const std::int64_t value_dim = graph_.integer(attention, "value_dim", head_dim);
  constexpr std::int64_t kMatrix = 16, kMost = 256;  // what kMatrixSharedBytes take
  return !precise_ && can_.matrices != Matrices::kNone && can_.quads && head_dim % kMatrix == 0 &&
         value_dim % kMatrix == 0 && head_dim <= kMost && value_dim <= kMost;
}

/// Norms of whole rows, gates, and attention.
std::uint64_t Fusions::can_halve_from(const sdk::GraphNode& maker) const {
  if (maker.op == "attention@1") return has_prompt(maker) ? kFewTokens + 1 : kNever;
  if (maker.inputs.size() < 2 || maker.inputs[1] == WICK_NONE) return kNever;
  const sdk::GraphValue& second = graph_.values()[maker.inputs[1]];
  const bool is_norm = maker.op == "rms_norm@1" || maker.op == "layer_norm@1";
  const bool can = is_norm ? second.width() == graph_.values()[maker.output].width()
                           : maker.op == "swiglu@1" && second.kind != WICK_VALUE_WEIGHT;
  return can ? kMostVectors + 1 : kNever;
}

std::uint64_t Fusions::halved_from(std::uint32_t value) const {
  const sdk::GraphNode* made = uses_.maker(value);
  const bool is_for_matrices = uses_.is_read_only_by(value, [&](const sdk::GraphNode& reader) {
    return has_matrices(reader) && reader.inputs[0] == value;
  });
  return made && is_for_matrices ? can_halve_from(*made) : kNever;
}

bool Fusions::is_part(const sdk::GraphNode& node) const {
  if (node.op == "rms_norm@1") return is_inner_norm(node);
  const sdk::GraphNode* reader = uses_.only_reader(node.output);
  if (!reader) return false;
  if (node.op == "matmul@1") return product_in(*reader) == &node || is_gated(*reader);
  if (node.op == "rope@1")
    return rope_before(*reader, 0) == &node || rope_before(*reader, 1) == &node;
  return false;
}

}  // namespace wick::vulkan
