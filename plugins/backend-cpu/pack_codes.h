// Codes of 16 rows x 32 columns into planes of bits. Not for scales, nor for less than a unit
// (pack.cpp).
#pragma once

#include <cstdint>

#include "layout.h"

namespace wick::cpu {

/// One unit of the layout of portable/packed.h: codes[r * stride + c] of n_rows rows (1 to 16; the
/// others get zeros) and 32 columns, to p.unit_bytes bytes.
void pack_unit(const Packed& p, const std::uint8_t* codes, std::uint64_t stride,
               std::uint32_t n_rows, std::uint8_t* to) noexcept;

}  // namespace wick::cpu
