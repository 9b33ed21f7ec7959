// Writes a wick_storage_class as the few facts in which our formats differ.
#pragma once

#include <wick/abi/storage.h>

#include <cstdint>

namespace wick::quant {

/// What the codes of a format are: affine, or with a table of 2^bits values.
struct Codes {
  std::uint32_t bits = 0;
  std::int32_t zero_point = 0;
  const float* table = nullptr;
};

/// What multiplies them. One level has group_values 0; sub mins have the bits of the sub scales.
struct Scales {
  std::uint32_t type = WICK_SCALE_F16;
  std::uint32_t super_values = 0;
  std::uint32_t group_values = 0;
  std::uint32_t sub_bits = 0;
  std::int32_t sub_low = 0;
  bool has_min = false;
};

constexpr wick_storage_class storage(const Codes& codes, const Scales& scales) {
  wick_storage_class made{};
  made.struct_size = sizeof(wick_storage_class);
  made.code_bits = codes.bits;
  made.zero_point = codes.zero_point;
  made.table = codes.table;
  made.group_values = scales.group_values ? scales.group_values : scales.super_values;
  made.super_values = scales.super_values;
  made.scale_type = scales.type;
  made.has_min = scales.has_min ? 1 : 0;
  made.sub_scale_bits = scales.sub_bits;
  made.sub_scale_low = scales.sub_low;
  made.sub_min_bits = scales.has_min ? scales.sub_bits : 0;
  return made;
}

}  // namespace wick::quant
