// The packed layout of a weight, by storage class: sizes and offsets, in numbers. Not for memory
// (weight.h) nor for arithmetic (portable/).
#pragma once

#include <wick/abi/backend.h>

#include <array>
#include <cstdint>

#include "portable/packed.h"

namespace wick::cpu {

enum class Element {
  kVector,  ///< f32, in the order of the file
  kF32,     ///< [tile][column][16 rows]
  kF16,     ///< [tile][column / 2][16 rows][2 columns]
  kBf16,    ///< the same
  kPacked,  ///< see Packed
};

/// Tiles of 16 interleaved rows. Rows are padded to 16, columns to the chunk; padding is zero.
struct Layout {
  Element element = Element::kF32;
  std::uint64_t n_rows = 0, n_cols = 0;
  std::uint64_t padded_cols = 0;  ///< a multiple of 32
  std::uint64_t n_tiles = 0;
  std::uint64_t tile_bytes = 0;
  std::uint64_t total_bytes = 0;
  std::uint32_t plain_type = WICK_TYPE_F32;  ///< of the rows that arrive, without a class
  bool has_class = false;  ///< tiles arrive split, described by `storage` and `table`
  bool has_table = false;
  wick_storage_class storage{};  ///< its table pointer is null
  std::array<float, 256> table{};
  Packed packed{};
  bool is_integer = false;  ///< kPacked only: values are a scale times integers of 16 bits
  std::array<std::int16_t, 256> integers{};  ///< table / packed.integer_scale

  /// `packed` with its pointers into this Layout, which must stay where it is.
  Packed kernel_view() const noexcept;
};

/// Throws kBadArgument or kBadShape for a class or a shape that breaks the contract.
Layout make_layout(const wick_weight_desc& desc);

/// Of a first-level scale of type WICK_SCALE_*.
std::uint32_t scale_bytes(std::uint32_t type) noexcept;

/// Whether the class keeps its width in the packed layout; others are widened to f32.
bool is_packable(const wick_storage_class& storage) noexcept;

/// Throws kBadArgument for a class that breaks the contract.
void check_class(const wick_storage_class& storage);

}  // namespace wick::cpu
