// A matrix with the activations that it multiplies. Not for which thread multiplies what.
#pragma once

#include <string>

#include "ops/matmul_input.h"

namespace wick::cpu {

/// A node matmul@1, ready to run on any tokens and tiles.
class Product {
 public:
  /// Prepares the input. Throws kBadShape.
  Product(Program& program, const sdk::GraphNode& node);

  std::uint32_t input() const noexcept { return input_.value; }
  std::uint64_t n_tiles() const noexcept { return n_tiles_; }
  std::uint64_t n_rows() const noexcept { return task_.n_rows; }  ///< of the matrix
  std::uint64_t tile_bytes() const noexcept { return task_.tile_bytes; }
  /// So many tokens stay in the second-level cache while the weights pass by.
  std::uint64_t tokens_together() const noexcept;
  Work work(std::uint64_t n_tokens) const noexcept;
  const std::string& text() const noexcept { return text_; }  ///< class and shape

  struct Part {
    Range tokens, tiles;
    float* y;  ///< of the first token and row
    std::uint64_t y_stride;
  };
  void run(const RunContext& run, const Part& part) const noexcept;

 private:
  ProductKernel kernel_;
  MatmulInput input_;
  const Weight* weight_;
  MatmulTask task_{};
  std::uint64_t n_tiles_;
  std::string text_;
};

}  // namespace wick::cpu
