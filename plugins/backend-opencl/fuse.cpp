// See fuse.h. What is fused for one token (norms, gates, rope) would be computed again by every
// workgroup of a product; for many tokens that costs more than it saves.
#include "fuse.h"

#include <algorithm>

namespace wick::opencl {

Fusions::Fusions(const sdk::GraphView& graph, const std::map<std::uint32_t, BoundWeight>& weights,
                 const Capabilities& can, bool precise, std::uint32_t max_tokens)
    : graph_(graph),
      weights_(weights),
      uses_(graph),
      can_(can),
      precise_(precise),
      is_decode_(max_tokens == 1) {}

bool Fusions::has_dots(const sdk::GraphNode& matmul) const {
  if (precise_ || matmul.op != "matmul@1" || matmul.inputs.size() != 2) return false;
  const auto bound = weights_.find(matmul.inputs[1]);
  if (bound == weights_.end() || bound->second.layout->is_vector) return false;
  const Layout& layout = *bound->second.layout;
  // Rounded inputs lie in local memory: 40 bytes a unit, and what the workgroup sums by.
  constexpr std::uint64_t kRest = 4096;
  return layout.packing.kind == Kind::kAffine && layout.n_cols % kUnit == 0 &&
         std::uint64_t{layout.n_units} * 40 + kRest <= can_.local_bytes;
}

bool Fusions::is_inner_norm(const sdk::GraphNode& norm) const {
  if (!is_decode_ || norm.op != "rms_norm@1" || norm.inputs.size() < 2 ||
      uses_.is_external(norm.output) || uses_.readers(norm.output).empty())
    return false;
  const auto weight = weights_.find(norm.inputs[1]);
  if (weight == weights_.end() || !weight->second.layout->is_vector ||
      weight->second.layout->n_cols != graph_.values()[norm.output].width())
    return false;
  const auto& readers = uses_.readers(norm.output);
  return std::all_of(readers.begin(), readers.end(), [&](const sdk::GraphNode* reader) {
    return has_dots(*reader) && reader->inputs[0] == norm.output;
  });
}

const sdk::GraphNode* Fusions::norm_before(const sdk::GraphNode& matmul) const {
  if (!has_dots(matmul)) return nullptr;
  const sdk::GraphNode* made = uses_.maker(matmul.inputs[0]);
  return made && is_inner_norm(*made) ? made : nullptr;
}

const sdk::GraphNode* Fusions::slice_before(const sdk::GraphNode& mul, std::size_t input) const {
  if (mul.op != "mul@1" || mul.inputs.size() != 2 || input > 1) return nullptr;
  for (const std::uint32_t value : mul.inputs)
    if (value == WICK_NONE || graph_.values()[value].kind == WICK_VALUE_WEIGHT) return nullptr;
  const sdk::GraphNode* made = uses_.maker(mul.inputs[input]);
  const bool can = made && made->op == "slice@1" && made->index < mul.index &&
                   uses_.only_reader(made->output) == &mul;
  return can ? made : nullptr;
}

bool Fusions::is_gated(const sdk::GraphNode& swiglu) const {
  if (!is_decode_) return false;
  const sdk::ValueUses::Gate gate = uses_.gate_of(swiglu);
  if (!gate.gate || !has_dots(*gate.gate) || !has_dots(*gate.up)) return false;
  const Layout &a = *weights_.at(gate.gate->inputs[1]).layout,
               &b = *weights_.at(gate.up->inputs[1]).layout;
  return a.packing == b.packing && a.n_rows == b.n_rows && a.n_cols == b.n_cols;
}

bool Fusions::stands_alone(const sdk::GraphNode& matmul) const {
  if (!has_dots(matmul)) return false;
  const sdk::GraphNode* reader = uses_.only_reader(matmul.output);
  return !reader || (product_in(*reader) != &matmul && !is_gated(*reader));
}

std::vector<const sdk::GraphNode*> Fusions::side_by_side(const sdk::GraphNode& matmul) const {
  if (!is_decode_ || !stands_alone(matmul)) return {&matmul};
  const Packing& packing = weights_.at(matmul.inputs[1]).layout->packing;
  std::vector<const sdk::GraphNode*> together;
  for (const sdk::GraphNode* other : uses_.readers(matmul.inputs[0])) {
    if (!stands_alone(*other) || other->inputs[0] != matmul.inputs[0] ||
        !(weights_.at(other->inputs[1]).layout->packing == packing))
      continue;
    if (together.size() == kMostMatrices) {
      if (std::find(together.begin(), together.end(), &matmul) != together.end()) break;
      together.clear();
    }
    together.push_back(other);
  }
  return together;
}

bool Fusions::is_part(const sdk::GraphNode& node) const {
  if (node.op == "rms_norm@1") return is_inner_norm(node);
  const sdk::GraphNode* reader = uses_.only_reader(node.output);
  if (node.op == "matmul@1")
    return (reader && (product_in(*reader) == &node || is_gated(*reader))) ||
           side_by_side(node).front() != &node;
  if (node.op == "slice@1" && reader)
    return slice_before(*reader, 0) == &node || slice_before(*reader, 1) == &node;
  if (node.op == "rope@1" && reader)
    return rope_before(*reader, 0) == &node || rope_before(*reader, 1) == &node;
  return false;
}

}  // namespace wick::opencl
