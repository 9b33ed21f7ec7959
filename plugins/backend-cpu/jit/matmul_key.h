// What an emitted product depends on: the request, the key of the cache, and the kernel's name.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "jit/activations.h"
#include "jit/isa.h"
#include "layout.h"

namespace wick::cpu::jit {

/// Rows x tokens of one kernel call; a tile is 16 rows.
struct Shape {
  std::uint32_t n_tiles, n_tokens;
};

/// Tokens of a tile register: wide products take multiples.
inline constexpr std::uint32_t kTileTokens = 16;

enum class Product : std::uint8_t { kInteger, kF32, kF16, kBf16 };

struct MatmulKey {
  Isa isa = Isa::kNone;
  Product product = Product::kInteger;
  const Layout* layout = nullptr;  ///< its class, not its number of rows; lives during emission
  ActivationFormat input;          ///< kInteger
  std::uint64_t n_units = 0;       ///< of 32 columns in a row
  std::uint64_t x_row_bytes = 0;   ///< from row to row; a token has input.n_terms rows
  Shape shape{1, 1};
  std::uint32_t prefetch_bytes = 0;  ///< how far ahead weights are asked for; 0: not at all
};

/// "matmul.u4g32s256m.avx512-vnni.rows32.tokens6.cols2048": equal for keys of equal code.
std::string describe(const MatmulKey& key);

}  // namespace wick::cpu::jit
