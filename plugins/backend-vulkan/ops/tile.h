// How a product of many tokens is cut into workgroups. Not for the shaders that make them.
#pragma once

#include "ops/table.h"

namespace wick::vulkan {

constexpr std::uint32_t kGemmTile = 64;  ///< rows and tokens of gemm.comp

/// What a workgroup makes of a product: kGemmTile each, or matrices of 16 each.
struct Tile {
  std::uint32_t row_matrices = 0, token_matrices = 0;  ///< of a subgroup
  std::uint32_t row_teams = 0, token_teams = 0;        ///< subgroups
  std::uint32_t depth = 0, buffers = 0;                ///< units of a stage; stages at once

  constexpr std::uint32_t rows() const noexcept {
    return row_matrices ? 16 * row_matrices * row_teams : kGemmTile;
  }
  constexpr std::uint32_t tokens() const noexcept {
    return row_matrices ? 16 * token_matrices * token_teams : kGemmTile;
  }
  constexpr std::uint32_t threads() const noexcept {
    return kMatrixSubgroup * row_teams * token_teams;
  }
  std::uint64_t n_groups(std::uint64_t n_out, std::uint64_t n_rows) const noexcept {
    return groups_of(n_out, rows()) * groups_of(n_rows, tokens());
  }
};

/// Of an H100 the best of a dozen: more warps hide more of what they wait for.
constexpr Tile kLarge{2, 4, 4, 2, 2, 1}, kSmall{2, 2, 2, 2, 2, 1};

/// What shaders/matrices.comp takes for granted: every thread has a whole unit of the weight and a
/// chunk of the inputs, and sums on their way to memory find room.
constexpr bool fits(const Tile& t) {
  const std::uint32_t buffer = (t.rows() + t.tokens()) * (4 * t.depth + 1);
  return t.rows() * t.depth % t.threads() == 0 && t.tokens() * 4 * t.depth % t.threads() == 0 &&
         t.threads() / 2 * (4 * t.row_matrices + 1) <= t.buffers * buffer &&
         t.threads() <= kMatrixWorkgroup && t.buffers * buffer * 16 <= kMatrixSharedBytes;
}
static_assert(fits(kLarge) && fits(kSmall));

/// Large tiles decode weights less often, small ones keep every core of a device busy.
inline Tile matrix_tile(std::uint64_t n_out, std::uint64_t n_rows) {
  constexpr std::uint64_t kBusy = 128;  // workgroups
  return kLarge.n_groups(n_out, n_rows) >= kBusy ? kLarge : kSmall;
}

}  // namespace wick::vulkan
