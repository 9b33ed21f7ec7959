// matmul@1, matmul_experts@1: by rows of the weight for few tokens, by tiles for many. A sum behind
// a product is part of it.
#include <memory>

#include "ops/tiles.h"

namespace wick::opencl {
namespace {

/// "u4 [2048, 8192]": bits of a code, rows and columns.
std::string text_of(const Product& product) {
  const Packing& p = product.layout->packing;
  const char* kinds[] = {"u", "t", "f32", "f16", "bf16"};
  std::string text = kinds[static_cast<std::size_t>(p.kind)];
  if (!p.is_plain()) text += std::to_string(p.bits);
  return text + " [" + std::to_string(product.n_out) + ", " + std::to_string(product.n_in) + "]";
}

void add_product(Program& program, const sdk::GraphNode& node, const Product& product) {
  const bool has_experts = product.experts_mode != 0;
  std::vector<std::uint32_t> reads{product.x};
  if (product.addend != WICK_NONE) reads.push_back(product.addend);
  if (has_experts) reads.push_back(product.routes);
  const VectorKernels vectors(program, product);
  std::shared_ptr<const TileKernels> tiles;
  if (!has_experts && program.max_rows(product.y) > kMostVectors)
    tiles = std::make_shared<TileKernels>(program, product);
  const auto launch = [=](Launcher& l) {
    const std::uint32_t n_rows = l.n_rows(product.y);
    if (n_rows == 0) return;
    if (has_experts || n_rows <= kMostVectors) return vectors.run(l, n_rows);
    tiles->run(l, n_rows);
  };
  std::vector<std::uint32_t> writes{product.y};
  if (tiles) writes.insert(writes.end(), tiles->scratch().begin(), tiles->scratch().end());
  if (!product.is_gated)
    for (const Sibling& other : product.siblings) writes.push_back(other.y);
  Step& step = program.add_step(node, std::move(reads), std::move(writes), launch);
  step.about = text_of(product);
  step.weight_bytes = product.layout->total_bytes;
  for (const Sibling& other : product.siblings) step.weight_bytes += other.layout->total_bytes;
}

Product product_of(Program& program, const sdk::GraphNode& node, std::size_t weight_input) {
  const BoundWeight bound = program.matrix(node, weight_input);
  Product product;
  product.layout = bound.layout;
  product.w = handle_of(bound);
  product.x = program.activation(node, 0);
  product.y = node.output;
  product.n_in = static_cast<std::uint32_t>(bound.layout->n_cols);
  product.n_out = static_cast<std::uint32_t>(bound.layout->n_rows);
  return product;
}

void need_width(Program& program, const sdk::GraphNode& node, std::uint64_t got,
                std::uint64_t need) {
  if (got != need)
    program.refuse(
        node, "has an operand of width " + std::to_string(got) + ", need " + std::to_string(need));
}

/// A matmul@1, with what comes before it.
Product matmul_of(Program& program, const sdk::GraphNode& node) {
  const Fusions& fusions = program.fusions();
  Product product = product_of(program, node, 1);
  need_width(program, node, program.width(product.x), product.n_in);
  need_width(program, node, program.width(product.y), product.n_out);
  product.has_dots = fusions.has_dots(node);
  if (const sdk::GraphNode* norm = fusions.norm_before(node)) {
    product.is_normed = true;
    product.x = program.activation(*norm, 0);
    need_width(program, *norm, program.width(product.x), product.n_in);
    product.norm = program.vector(*norm, 1, product.n_in);
    product.epsilon = static_cast<float>(program.graph().real(*norm, "epsilon", 0.0));
  }
  return product;
}

Sibling sibling_of(const Product& product) {
  return {product.layout, product.w, product.y, product.n_out};
}

}  // namespace

void add_matmul(Program& program, const sdk::GraphNode& node) {
  Product product = matmul_of(program, node);
  for (const sdk::GraphNode* other : program.fusions().side_by_side(node))
    if (other != &node) product.siblings.push_back(sibling_of(matmul_of(program, *other)));
  add_product(program, node, product);
}

void add_sum_with_product(Program& program, const sdk::GraphNode& node,
                          const sdk::GraphNode& matmul) {
  Product product = matmul_of(program, matmul);
  product.addend = node.inputs[node.inputs[0] == matmul.output ? 1 : 0];
  product.y = node.output;
  need_width(program, node, program.width(product.y), product.n_out);
  need_width(program, node, program.width(product.addend), product.n_out);
  add_product(program, node, product);
}

void add_gated_product(Program& program, const sdk::GraphNode& node) {
  const Fusions& fusions = program.fusions();
  Product product = matmul_of(program, *fusions.maker(node.inputs[0]));
  product.siblings = {sibling_of(matmul_of(program, *fusions.maker(node.inputs[1])))};
  product.y = node.output;
  product.is_gated = true;
  need_width(program, node, program.width(product.y), product.n_out);
  add_product(program, node, product);
}

void add_matmul_experts(Program& program, const sdk::GraphNode& node) {
  Product product = product_of(program, node, 2);
  product.routes = program.activation(node, 1);
  product.n_used = program.width(product.routes) / 2;
  const auto& dims = program.graph().values()[node.inputs[2]].dims;
  if (dims.size() != 3 || dims[0] <= 0 || dims[1] <= 0 || product.n_used == 0 ||
      static_cast<std::uint64_t>(dims[0]) * static_cast<std::uint64_t>(dims[1]) !=
          product.layout->n_rows)
    program.refuse(node, "needs a weight of experts by rows by columns");
  product.n_experts = static_cast<std::uint32_t>(dims[0]);
  product.n_out = static_cast<std::uint32_t>(dims[1]);
  product.experts_mode = program.width(product.x) == product.n_in ? 1 : 2;
  if (product.experts_mode == 2)
    need_width(program, node, program.width(product.x),
               std::uint64_t{product.n_used} * product.n_in);
  need_width(program, node, program.width(product.y),
             std::uint64_t{product.n_used} * product.n_out);
  add_product(program, node, product);
}

}  // namespace wick::opencl
