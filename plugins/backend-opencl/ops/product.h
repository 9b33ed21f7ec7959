// A product with a weight, and the ways to run it: by rows in f32 (matvec), by rows on rounded
// inputs (dots), by tiles (gemm).
#pragma once

#include "ops/table.h"
#include "ops/weight_place.h"

namespace wick::opencl {

/// A product of the same input that the same kernel makes.
struct Sibling {
  const Layout* layout;
  cl_mem w;
  std::uint32_t y, n_out;
};

struct Product {
  const Layout* layout = nullptr;
  cl_mem w = nullptr;
  std::vector<Sibling> siblings;  ///< of a gate: what it is multiplied with
  cl_mem norm = nullptr;          ///< the norm's weight, where the product normalizes
  std::uint32_t x = WICK_NONE, y = WICK_NONE, addend = WICK_NONE, routes = WICK_NONE;  ///< values
  std::uint32_t n_in = 0, n_out = 0;
  std::uint32_t n_used = 1, n_experts = 1, experts_mode = 0;
  float epsilon = 0;
  bool has_dots = false, is_gated = false, is_normed = false;
};

/// The node is an add@1, `matmul` makes one of its inputs.
void add_sum_with_product(Program& program, const sdk::GraphNode& node,
                          const sdk::GraphNode& matmul);
/// The node is a swiglu@1 that computes both its products.
void add_gated_product(Program& program, const sdk::GraphNode& node);

/// What runs a product of few tokens: a team of items makes some rows. `program` outlives it.
class VectorKernels {
 public:
  VectorKernels(const Program& program, const Product& product);
  void run(Launcher& launcher, std::uint32_t n_rows) const;

 private:
  /// Made when a number of tokens first comes: drivers take long to compile.
  const Kernel& kernel(std::uint32_t tokens) const;
  std::uint32_t tokens_at_once(std::uint32_t n_rows) const;
  void run_dots(Launcher& launcher, std::uint32_t tokens, std::uint32_t n_rows) const;

  const Program& program_;
  Product product_;
  std::uint32_t team_, teams_, rows_;
  std::shared_ptr<std::map<std::uint32_t, Kernel>> kernels_;  // by tokens at once
};

}  // namespace wick::opencl
