// See observed_products.h. An output is what the contract with backends already has: none of them
// needs to know why it is wanted.
#include "graph/observed_products.h"

#include "graph/op_list.h"

namespace wick {
namespace {

void expose(Graph& graph, std::uint32_t index) {
  Value& value = graph.values[index];
  if (value.is_output) return;
  value.is_output = true;
  value.name = "observed." + std::to_string(index);
}

/// Where a product of experts has its routes, and its weight.
constexpr std::size_t kRoutes = 1, kExpertsWeight = 2;

}  // namespace

std::vector<ObservedProduct> observe_products(Graph& graph) {
  std::vector<ObservedProduct> products;
  for (const Node& node : graph.nodes) {
    const OpRow& op = *find_op(node.op);  // the builder took no other
    if (op.matrix.use != WICK_USE_MATMUL) continue;
    const Value& weight = graph.values[node.inputs[op.matrix.input]];
    ObservedProduct product;
    product.weight = weight.name;
    product.input = node.inputs.front();
    product.n_cols = static_cast<std::uint64_t>(weight.dims.back());
    if (op.matrix.input == kExpertsWeight) {
      product.routes = node.inputs[kRoutes];
      product.n_experts = static_cast<std::uint64_t>(weight.dims.front());
      product.n_used = static_cast<std::uint64_t>(graph.values[product.routes].dims.back()) / 2;
    }
    products.push_back(std::move(product));
  }
  for (const ObservedProduct& product : products) {
    expose(graph, product.input);
    if (product.has_experts()) expose(graph, product.routes);
  }
  return products;
}

}  // namespace wick
