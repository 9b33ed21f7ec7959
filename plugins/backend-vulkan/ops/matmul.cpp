// matmul@1, matmul_experts@1: by rows of the weight for few tokens, by tiles for many. A sum behind
// a product is part of it.
#include "ops/product.h"
#include "ops/tile.h"

namespace wick::vulkan {
namespace {

constexpr std::uint32_t kRowsATeam = 2, kGemmThreads = 256;

struct Push {
  std::uint64_t w, x, y, addend, routes;
  WeightPlace place;
  std::uint32_t n_in, n_out, n_rows, n_used, n_experts;
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

class Kernels {
 public:
  Kernels(const Program& program, const Product& product)
      : program_(program),
        product_(product),
        constants_(packing_constants(product.layout->packing)),
        even_(product.n_in % kUnit == 0 ? 1 : 0) {}

  VkPipeline vectors(std::uint32_t tokens) const {
    Constants c = constants_;
    c.insert(c.end(), {{20, tokens}, {21, kRowsATeam}, {22, even_}, {23, product_.experts_mode}});
    return program_.pipeline(Shader::matvec, kThreads, c);
  }
  Tile tile(std::uint64_t n_rows) const {
    return product_.has_matrices ? matrix_tile(product_.n_out, n_rows) : Tile{};
  }
  VkPipeline tiles(const Tile& tile, std::uint64_t n_rows) const {
    Constants c = constants_;
    if (!product_.has_matrices) {
      c.emplace_back(22, even_);
      return program_.pipeline(Shader::gemm, kGemmThreads, c);
    }
    c.insert(c.end(), {{20, tile.row_matrices},
                       {21, tile.token_matrices},
                       {22, tile.row_teams},
                       {23, tile.token_teams},
                       {24, n_rows >= product_.halved_from ? 1u : 0u},
                       {25, tile.depth},
                       {26, tile.buffers}});
    return program_.pipeline(Shader::matrices, tile.threads(), c);
  }
  /// What a plan is likely to need; the rest is made when it first comes.
  void prepare_tiles() const {
    const std::uint64_t most = program_.max_rows(product_.y);
    tiles(tile(most), most);
  }
  std::uint32_t rows_a_group() const {
    return kThreads / program_.can().subgroup_size * kRowsATeam;
  }

 private:
  const Program& program_;
  Product product_;
  Constants constants_;
  std::uint32_t even_;
};

/// "u4 [2048, 8192]": bits of a code, rows and columns.
std::string text_of(const Product& product) {
  const Packing& p = product.layout->packing;
  const char* kinds[] = {"u", "t", "f32", "f16", "bf16"};
  std::string text = kinds[static_cast<std::size_t>(p.kind)];
  if (!p.is_plain()) text += std::to_string(p.bits);
  return text + " [" + std::to_string(product.n_out) + ", " + std::to_string(product.n_in) + "]";
}

void describe(Step& step, const Product& product) {
  step.about = text_of(product);
  step.weight_bytes = product.layout->total_bytes * (product.is_gated ? 2 : 1);
}

void add_dots(Program& program, const sdk::GraphNode& node, const Product& product,
              std::vector<std::uint32_t> reads) {
  const Dots dots(program, product);
  const Kernels kernels(program, product);
  const bool has_tiles = program.max_rows(product.y) > kMostVectors;
  if (has_tiles) kernels.prepare_tiles();
  const auto record = [=](Recorder& r) {
    const std::uint32_t n_rows = r.n_rows(product.y);
    if (n_rows == 0) return;
    if (n_rows <= kMostVectors) return dots.record(r, n_rows);
    const Tile tile = kernels.tile(n_rows);
    r.dispatch(kernels.tiles(tile, n_rows), push_of(product, r, n_rows),
               groups_of(product.n_out, tile.rows()), groups_of(n_rows, tile.tokens()));
  };
  describe(program.add_step(node, std::move(reads), {product.y}, record), product);
}

void add_product(Program& program, const sdk::GraphNode& node, const Product& product) {
  const bool has_experts = product.experts_mode != 0;
  std::vector<std::uint32_t> reads{product.x};
  if (product.addend != WICK_NONE) reads.push_back(product.addend);
  if (has_experts) reads.push_back(product.routes);
  if (product.has_dots) return add_dots(program, node, product, std::move(reads));
  const Kernels kernels(program, product);
  kernels.vectors(1);
  if (!has_experts && program.max_rows(product.y) > kMostVectors) kernels.prepare_tiles();
  const auto record = [=](Recorder& r) {
    const std::uint32_t n_rows = r.n_rows(product.y);
    if (n_rows == 0) return;
    const Push push = push_of(product, r, n_rows);
    const std::uint64_t groups = groups_of(product.n_out, kernels.rows_a_group());
    if (has_experts) {
      r.dispatch(kernels.vectors(1), push, groups, std::uint64_t{n_rows} * product.n_used);
    } else if (n_rows <= kMostVectors) {
      r.dispatch(kernels.vectors(tokens_at_once(n_rows)), push, groups);
    } else {
      const Tile tile = kernels.tile(n_rows);
      r.dispatch(kernels.tiles(tile, n_rows), push, groups_of(product.n_out, tile.rows()),
                 groups_of(n_rows, tile.tokens()));
    }
  };
  describe(program.add_step(node, std::move(reads), {product.y}, record), product);
}

std::uint64_t address_of(const BoundWeight& bound) {
  return bound.weight ? bound.weight->address() : 0;
}

Product product_of(Program& program, const sdk::GraphNode& node, std::size_t weight_input) {
  const BoundWeight bound = program.matrix(node, weight_input);
  Product product;
  product.layout = bound.layout;
  product.w = address_of(bound);
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
  product.takes_rounded = fusions.is_rounded(product.x);
  product.has_matrices = fusions.has_matrices(node);
  product.halved_from = fusions.halved_from(product.x);
  if (const sdk::GraphNode* norm = fusions.norm_before(node)) {
    product.is_normed = true;
    product.x = program.activation(*norm, 0);
    need_width(program, *norm, program.width(product.x), product.n_in);
    product.norm = program.vector(*norm, 1, product.n_in);
    product.epsilon = static_cast<float>(program.graph().real(*norm, "epsilon", 0.0));
  }
  return product;
}

}  // namespace

void add_matmul(Program& program, const sdk::GraphNode& node) {
  add_product(program, node, matmul_of(program, node));
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
  product.second = matmul_of(program, *fusions.maker(node.inputs[1])).w;
  product.y = node.output;
  product.is_gated = true;
  product.makes_rounded = fusions.is_rounded(node.output);
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

}  // namespace wick::vulkan
