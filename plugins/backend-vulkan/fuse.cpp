// See fuse.h. What is fused for one token (norms, gates, rope) would be computed again by every
// workgroup of a product; for many tokens that costs more than it saves.
#include "fuse.h"

#include <algorithm>

namespace wick::vulkan {

Fusions::Fusions(const sdk::GraphView& graph, const std::map<std::uint32_t, BoundWeight>& weights,
                 const Capabilities& can, bool precise, std::uint32_t max_tokens)
    : graph_(graph),
      weights_(weights),
      can_(can),
      precise_(precise),
      is_decode_(max_tokens == 1),
      makers_(graph.values().size()),
      readers_(graph.values().size()) {
  for (const sdk::GraphNode& node : graph_.nodes()) {
    makers_[node.output] = makers_[node.output] ? nullptr : &node;
    for (const std::uint32_t input : node.inputs)
      if (input != WICK_NONE) readers_[input].push_back(&node);
  }
}

bool Fusions::is_external(std::uint32_t value) const {
  return graph_.values()[value].is_output || graph_.values()[value].kind != WICK_VALUE_ACTIVATION;
}

const sdk::GraphNode* Fusions::only_reader(std::uint32_t value) const {
  return !is_external(value) && readers_[value].size() == 1 ? readers_[value].front() : nullptr;
}

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

const sdk::GraphNode* Fusions::product_in(const sdk::GraphNode& add) const {
  if (add.op != "add@1" || add.inputs.size() < 2 || add.inputs[0] == add.inputs[1]) return nullptr;
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}})
    if (add.inputs[i] == WICK_NONE || graph_.values()[add.inputs[i]].kind == WICK_VALUE_WEIGHT)
      return nullptr;
  // The later one: what it needs lives until then, and the other is there already.
  for (const std::size_t i : {std::size_t{1}, std::size_t{0}}) {
    const sdk::GraphNode* made = makers_[add.inputs[i]];
    if (made && made->op == "matmul@1" && only_reader(add.inputs[i]) == &add &&
        made->index < add.index)
      return made;
  }
  return nullptr;
}

bool Fusions::is_inner_norm(const sdk::GraphNode& norm) const {
  if (!is_decode_ || norm.op != "rms_norm@1" || norm.inputs.size() < 2 ||
      is_external(norm.output) || readers_[norm.output].empty())
    return false;
  const auto weight = weights_.find(norm.inputs[1]);
  if (weight == weights_.end() || !weight->second.layout->is_vector ||
      weight->second.layout->n_cols != graph_.values()[norm.output].width())
    return false;
  return std::all_of(readers_[norm.output].begin(), readers_[norm.output].end(),
                     [&](const sdk::GraphNode* reader) {
                       return has_dots(*reader) && reader->inputs[0] == norm.output;
                     });
}

const sdk::GraphNode* Fusions::norm_before(const sdk::GraphNode& matmul) const {
  if (!has_dots(matmul)) return nullptr;
  const sdk::GraphNode* made = makers_[matmul.inputs[0]];
  return made && is_inner_norm(*made) ? made : nullptr;
}

bool Fusions::is_gated(const sdk::GraphNode& swiglu) const {
  if (!is_decode_ || swiglu.op != "swiglu@1" || swiglu.inputs.size() != 2) return false;
  const sdk::GraphNode* products[2];
  for (std::size_t i = 0; i < 2; ++i) {
    if (swiglu.inputs[i] == WICK_NONE) return false;
    products[i] = makers_[swiglu.inputs[i]];
    if (!products[i] || !has_dots(*products[i]) || only_reader(swiglu.inputs[i]) != &swiglu)
      return false;
  }
  const Layout &gate = *weights_.at(products[0]->inputs[1]).layout,
               &up = *weights_.at(products[1]->inputs[1]).layout;
  return products[0] != products[1] && products[0]->inputs[0] == products[1]->inputs[0] &&
         gate.packing == up.packing && gate.n_rows == up.n_rows && gate.n_cols == up.n_cols;
}

bool Fusions::is_rounded(std::uint32_t value) const {
  const sdk::GraphNode* made = makers_[value];
  const sdk::GraphNode* reader = only_reader(value);
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
  const sdk::GraphNode* made = makers_[value];
  if (!made || is_external(value) || readers_[value].empty()) return kNever;
  const bool is_for_matrices = std::all_of(
      readers_[value].begin(), readers_[value].end(), [&](const sdk::GraphNode* reader) {
        return has_matrices(*reader) && reader->inputs[0] == value;
      });
  return is_for_matrices ? can_halve_from(*made) : kNever;
}

const sdk::GraphNode* Fusions::rope_of(const sdk::GraphNode& attention, std::size_t input) const {
  const std::uint32_t value = attention.inputs[input];
  const sdk::GraphNode* made = value == WICK_NONE ? nullptr : makers_[value];
  return made && made->op == "rope@1" && only_reader(value) == &attention ? made : nullptr;
}

const sdk::GraphNode* Fusions::rope_before(const sdk::GraphNode& attention,
                                           std::size_t input) const {
  if (!is_decode_ || attention.op != "attention@1" || attention.inputs.size() != 3) return nullptr;
  const sdk::GraphNode *q = rope_of(attention, 0), *k = rope_of(attention, 1);
  if (!q || !k) return nullptr;
  // One table and one layout serve both.
  const bool same_factors = std::vector<std::uint32_t>(q->inputs.begin() + 1, q->inputs.end()) ==
                            std::vector<std::uint32_t>(k->inputs.begin() + 1, k->inputs.end());
  bool same = same_factors &&
              graph_.integer(*q, "head_dim", 0) == graph_.integer(attention, "head_dim", -1);
  for (const char* name : {"head_dim", "n_rotary", "layout", "original_context"})
    same = same && graph_.integer(*q, name, -1) == graph_.integer(*k, name, -1);
  for (const char* name : {"base", "scale", "ext_factor", "attn_factor", "beta_fast", "beta_slow"})
    same = same && graph_.real(*q, name, -1) == graph_.real(*k, name, -1);
  return same ? (input == 0 ? q : k) : nullptr;
}

bool Fusions::is_part(const sdk::GraphNode& node) const {
  const sdk::GraphNode* reader = only_reader(node.output);
  if (node.op == "rms_norm@1") return is_inner_norm(node);
  if (!reader) return false;
  if (node.op == "matmul@1") return product_in(*reader) == &node || is_gated(*reader);
  if (node.op == "rope@1")
    return rope_before(*reader, 0) == &node || rope_before(*reader, 1) == &node;
  return false;
}

}  // namespace wick::vulkan
