// matmul@1, matmul_experts@1: by rows of the weight for few tokens (matvec), by tiles for many
// (gemm). A sum behind a product is part of it.
#include "ops/table.h"
#include "ops/weight_place.h"

namespace wick::vulkan {
namespace {

constexpr std::uint32_t kRowsATeam = 2, kGemmTile = 64, kGemmThreads = 256;
constexpr std::uint32_t kMostVectors = 8;  // tokens; from there on tiles are faster

struct Push {
  std::uint64_t w, x, y, addend, routes;
  WeightPlace place;
  std::uint32_t n_in, n_out, n_rows, n_used, n_experts;
  std::uint32_t padding = 0;
};

struct Product {
  const Layout* layout;
  std::uint64_t w;                     // address
  std::uint32_t x, y, addend, routes;  // values
  std::uint32_t n_in, n_out;
  std::uint32_t n_used = 1, n_experts = 1, experts_mode = 0;
};

Push push_of(const Product& product, const Recorder& r, std::uint32_t n_rows) {
  const auto address = [&](std::uint32_t value) {
    return value == WICK_NONE ? std::uint64_t{0} : r.address(value);
  };
  return {product.w,
          r.address(product.x),
          r.address(product.y),
          address(product.addend),
          address(product.routes),
          WeightPlace(*product.layout),
          product.n_in,
          product.n_out,
          n_rows,
          product.n_used,
          product.n_experts};
}

/// The smallest of 1, 2, 4, 8 that holds n.
std::uint32_t tokens_at_once(std::uint32_t n) {
  std::uint32_t tokens = 1;
  while (tokens < n && tokens < kMostVectors) tokens *= 2;
  return tokens;
}

class Kernels {
 public:
  Kernels(const Program& program, const Product& product)
      : program_(program),
        constants_(packing_constants(product.layout->packing)),
        even_(product.n_in % kUnit == 0 ? 1 : 0),
        experts_(product.experts_mode) {}

  VkPipeline vectors(std::uint32_t tokens) const {
    Constants c = constants_;
    c.insert(c.end(), {{20, tokens}, {21, kRowsATeam}, {22, even_}, {23, experts_}});
    return program_.pipeline(Shader::matvec, kThreads, c);
  }
  VkPipeline tiles() const {
    Constants c = constants_;
    c.emplace_back(22, even_);
    return program_.pipeline(Shader::gemm, kGemmThreads, c);
  }
  std::uint32_t rows_a_group() const {
    return kThreads / program_.can().subgroup_size * kRowsATeam;
  }

 private:
  const Program& program_;
  Constants constants_;
  std::uint32_t even_, experts_;
};

void add_product(Program& program, const sdk::GraphNode& node, const Product& product) {
  const Kernels kernels(program, product);
  const bool has_experts = product.experts_mode != 0;
  // What a plan is likely to need is made now; the rest when it first comes.
  kernels.vectors(1);
  if (!has_experts && program.max_rows(product.y) > kMostVectors) kernels.tiles();
  std::vector<std::uint32_t> reads{product.x};
  if (product.addend != WICK_NONE) reads.push_back(product.addend);
  if (has_experts) reads.push_back(product.routes);
  program.add_step(node, std::move(reads), {product.y}, [=](Recorder& r) {
    const std::uint32_t n_rows = r.n_rows(product.y);
    if (n_rows == 0) return;
    const Push push = push_of(product, r, n_rows);
    const std::uint64_t groups = groups_of(product.n_out, kernels.rows_a_group());
    if (has_experts) {
      r.dispatch(kernels.vectors(1), push, groups, std::uint64_t{n_rows} * product.n_used);
    } else if (n_rows <= kMostVectors) {
      r.dispatch(kernels.vectors(tokens_at_once(n_rows)), push, groups);
    } else {
      r.dispatch(kernels.tiles(), push, groups_of(product.n_out, kGemmTile),
                 groups_of(n_rows, kGemmTile));
    }
  });
}

Product product_of(Program& program, const sdk::GraphNode& node, std::size_t weight_input) {
  const BoundWeight bound = program.matrix(node, weight_input);
  Product product{};
  product.layout = bound.layout;
  product.w = bound.weight ? bound.weight->address() : 0;
  product.x = program.activation(node, 0);
  product.y = node.output;
  product.addend = product.routes = WICK_NONE;
  product.n_in = static_cast<std::uint32_t>(bound.layout->n_cols);
  product.n_out = static_cast<std::uint32_t>(bound.layout->n_rows);
  product.n_used = product.n_experts = 1;
  return product;
}

void need_width(Program& program, const sdk::GraphNode& node, std::uint64_t got,
                std::uint64_t need) {
  if (got != need)
    program.refuse(
        node, "has an operand of width " + std::to_string(got) + ", need " + std::to_string(need));
}

}  // namespace

void add_matmul(Program& program, const sdk::GraphNode& node) {
  const Product product = product_of(program, node, 1);
  need_width(program, node, program.width(product.x), product.n_in);
  need_width(program, node, program.width(product.y), product.n_out);
  add_product(program, node, product);
}

/// The node is an add@1, `matmul` makes one of its inputs.
void add_sum_with_product(Program& program, const sdk::GraphNode& node,
                          const sdk::GraphNode& matmul) {
  Product product = product_of(program, matmul, 1);
  product.addend = node.inputs[node.inputs[0] == matmul.output ? 1 : 0];
  product.y = node.output;
  need_width(program, matmul, program.width(product.x), product.n_in);
  need_width(program, node, program.width(product.y), product.n_out);
  need_width(program, node, program.width(product.addend), product.n_out);
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

}  // namespace wick::vulkan
