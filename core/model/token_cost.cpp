// One row an op that multiplies by a matrix. Attention is left out: its products grow with the
// context, and are few at the lengths that are measured.
#include "model/token_cost.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "schedule/device.h"

namespace wick {
namespace {

struct Product {
  std::uint32_t weight;          // value of the graph
  std::uint64_t n_rows, n_cols;  // that a row of activations is multiplied with
  std::uint64_t n_matrices;      // in the weight, of which one is n_rows / n_used
  std::uint64_t n_used;
};

bool starts_with(std::string_view text, std::string_view head) {
  return text.substr(0, head.size()) == head;
}

/// Nothing is multiplied where n_rows is 0.
Product product_of(const Graph& graph, const Node& node) {
  const auto dim = [&](std::uint32_t value, std::size_t i) {
    return static_cast<std::uint64_t>(graph.values[value].dims[i]);
  };
  if (starts_with(node.op, "matmul@")) {
    const std::uint32_t w = node.inputs[1];
    return {w, dim(w, 0), dim(w, 1), 1, 1};
  }
  if (starts_with(node.op, "matmul_experts@")) {
    const std::uint32_t w = node.inputs[2];
    const std::uint64_t n_used = dim(node.inputs[1], 1) / 2;  // indices and weights
    return {w, n_used * dim(w, 1), dim(w, 2), dim(w, 0), n_used};
  }
  return {WICK_NONE, 0, 0, 1, 1};
}

void add_macs(MacCount& macs, NumberKind kind, std::uint64_t n) {
  std::uint64_t* const of_kind[] = {&macs.codes, &macs.f16, &macs.f32};
  *of_kind[static_cast<std::size_t>(kind)] += n;
}

/// Of one block, of a graph that has those states alone.
std::uint64_t block_bytes(const Device& device, const Graph& states, bool precise) {
  if (states.states.empty()) return 0;
  wick_state* made = nullptr;
  device.call(device.table().state_create, device.index(), to_abi(states),
              precise ? WICK_COMPILE_PRECISE : 0u, &made);
  const Owned<wick_state> state = own(device, made, device.table().state_free);
  return device.table().state_block_bytes(device.self(), state.get());
}

}  // namespace

TokenCost& TokenCost::operator+=(const TokenCost& more) noexcept {
  const auto add = [](MacCount& to, const MacCount& from) {
    to.codes += from.codes;
    to.f16 += from.f16;
    to.f32 += from.f32;
  };
  add(token_macs, more.token_macs);
  add(output_macs, more.output_macs);
  token_bytes += more.token_bytes;
  output_bytes += more.output_bytes;
  state_bytes += more.state_bytes;
  position_bytes += more.position_bytes;
  return *this;
}

NumberKind number_kind(const wick_weight_desc& desc) noexcept {
  if (desc.storage) return NumberKind::kCodes;
  return desc.plain_type == WICK_TYPE_F32 ? NumberKind::kF32 : NumberKind::kF16;
}

TokenCost product_cost(const Graph& graph, const std::vector<CostedWeight>& weights) {
  std::map<std::uint32_t, const CostedWeight*> by_value;
  for (const CostedWeight& weight : weights) by_value[weight.value] = &weight;
  TokenCost cost;
  for (const Node& node : graph.nodes) {
    const Product product = product_of(graph, node);
    if (product.n_rows == 0) continue;
    const CostedWeight& weight = *by_value.at(product.weight);
    const bool is_output = graph.values[node.output].dims[0] == WICK_DIM_OUTPUTS;
    add_macs(is_output ? cost.output_macs : cost.token_macs, weight.kind,
             product.n_rows * product.n_cols);
    (is_output ? cost.output_bytes : cost.token_bytes) +=
        weight.n_bytes / product.n_matrices * product.n_used;
  }
  return cost;
}

void add_state_cost(TokenCost& cost, const Device& device, const Graph& graph, bool precise) {
  Graph growing, fixed;
  for (const StateDecl& state : graph.states)
    (state.kind == "kv" ? growing : fixed).states.push_back(state);
  cost.position_bytes =
      static_cast<double>(block_bytes(device, growing, precise)) / WICK_BLOCK_TOKENS;
  cost.state_bytes = block_bytes(device, fixed, precise);
}

}  // namespace wick
