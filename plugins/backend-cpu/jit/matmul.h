// Products by emitted kernels: which weights have them, and the walk over tokens and tiles. Not for
// emission (x86/).
#pragma once

#include <memory>
#include <vector>

#include "jit/kernel_cache.h"
#include "layout.h"
#include "portable/kernels.h"

namespace wick::cpu::jit {

/// The kernels of one weight's class and width, by shape.
struct MatmulCodes {
  static constexpr unsigned kMostTokens = 8, kMostWideTokens = 64;
  /// With so few tokens a product waits for its weights: they are read in as many streams as suit
  /// the CPU, and asked for ahead.
  static constexpr unsigned kStreamedTokens = 2;
  /// By one tile and so many tokens, with instructions of their own; the same bits.
  struct Wide {
    unsigned n_tokens;
    MatmulCode code;
  };
  Product product = Product::kInteger;
  ActivationFormat input;  ///< kInteger; the others read f32, whole units
  std::uint64_t n_units = 0, x_row_bytes = 0;
  unsigned most_tokens = 1;     ///< of one call
  unsigned streamed_tiles = 1;  ///< at once, with kStreamedTokens and fewer
  MatmulCode two_tiles[kMostTokens] = {}, one_tile[kMostTokens] = {};  ///< by n_tokens - 1
  std::vector<Wide> wide;  ///< most tokens first; empty for most instruction sets
};

/// Null where nothing is emitted for the class: portable kernels serve it. n_terms: of activations
/// in bytes.
std::shared_ptr<const MatmulCodes> make_matmul(KernelCache& cache, const Layout& layout,
                                               std::uint32_t n_terms);

/// Tokens whose activations stay in the second-level cache while the weights pass by.
std::uint64_t block_tokens(const MatmulCodes& codes) noexcept;

/// A MatmulKernel: task.code is a MatmulCodes, task.x what it reads.
void run_matmul(const MatmulTask& task);

}  // namespace wick::cpu::jit
