// A product with a weight, and the three ways to run it: by rows in f32 (matvec), by rows on
// rounded inputs (dots), by tiles (gemm, matrices).
#pragma once

#include "ops/table.h"
#include "ops/weight_place.h"

namespace wick::vulkan {

struct Product {
  const Layout* layout = nullptr;
  std::uint64_t w = 0;       ///< address
  std::uint64_t second = 0;  ///< of the weight that a gate is multiplied with
  std::uint64_t norm = 0;    ///< of the norm's weight, where the product normalizes
  std::uint32_t x = WICK_NONE, y = WICK_NONE, addend = WICK_NONE, routes = WICK_NONE;  ///< values
  std::uint32_t n_in = 0, n_out = 0;
  std::uint32_t n_used = 1, n_experts = 1, experts_mode = 0;
  float epsilon = 0;
  bool has_dots = false, is_gated = false, is_normed = false;
  bool takes_rounded = false, makes_rounded = false;
  bool has_matrices = false;           ///< for more than kMostVectors tokens
  std::uint64_t halved_from = kNever;  ///< see Fusions
};

/// The smallest of 1, 2, 4, 8 that holds n.
constexpr std::uint32_t tokens_at_once(std::uint32_t n) {
  std::uint32_t tokens = 1;
  while (tokens < n && tokens < kMostVectors) tokens *= 2;
  return tokens;
}

/// Records products of few tokens on rounded inputs.
class Dots {
 public:
  Dots(const Program& program, const Product& product);
  void record(Recorder& r, std::uint32_t n_rows) const;

 private:
  struct Shape {
    std::uint32_t teams, rows, sharers;  ///< rows of a team; subgroups that are one
  };
  static Shape shape_of(const Product& product, const Capabilities& can);
  std::uint32_t most_tokens() const;
  VkPipeline pipeline(std::uint32_t tokens) const;

  const Program& program_;
  Product product_;
  Shape shape_;
};

/// The node is an add@1, `matmul` makes one of its inputs.
void add_sum_with_product(Program& program, const sdk::GraphNode& node,
                          const sdk::GraphNode& matmul);
/// The node is a swiglu@1 that computes both its products.
void add_gated_product(Program& program, const sdk::GraphNode& node);

}  // namespace wick::vulkan
