// Weights of 16 rows x up to 256 columns, taken apart for the products of many tokens: 16-bit
// integers with their scales, or f32. Included by one file per instruction set.
#pragma once

#include "portable/kernels.h"
#include "portable/simd.h"

namespace wick::cpu {
namespace {

constexpr uint32_t kPanelUnits = 8;

/// Scales and mins of a group, one a row.
struct alignas(64) Group {
  float scales[kTileRows], mins[kTileRows];
};

/// codes: 8 basic vectors of 16 rows x 4 columns a unit. groups: one or two a unit.
struct alignas(64) Panel {
  int16_t codes[kPanelUnits][8][64];
  Group groups[kPanelUnits][2];
};

/// [column][row]
struct alignas(64) WidePanel {
  float values[kPanelUnits * kUnitCols][kTileRows];
};

/// The bytes of a plane from byte `lane` of each 64 on, in 16-bit lanes.
template <unsigned kBits>
struct PlaneWords {
  Words words[kBits];
  PlaneWords(const uint8_t* plane, unsigned lane) {
    WICK_UNROLL
    for (unsigned m = 0; m < kBits; ++m)
      words[m] = __builtin_convertvector(load<Bytes>(plane + m * 64 + lane), Words);
  }
  /// Basic vector v.
  Words get(unsigned v) const {
    constexpr unsigned kPerByte = 8 / kBits, kMask = (1u << kBits) - 1;
    const Words shifted = words[v / kPerByte] >> static_cast<uint16_t>(v % kPerByte * kBits);
    return shifted & static_cast<uint16_t>(kMask);
  }
};

template <unsigned kLow, unsigned kHigh>
void expand(const uint8_t* unit, int16_t zero, int16_t (*codes)[64]) {
  for (unsigned lane = 0; lane < 64; lane += kVectorBytes / 2) {
    const PlaneWords<kLow> low(unit, lane);
    if constexpr (kHigh != 0) {
      const PlaneWords<kHigh> high(unit + 64 * kLow, lane);
      WICK_UNROLL
      for (unsigned v = 0; v < 8; ++v)
        store(codes[v] + lane, (low.get(v) | high.get(v) << static_cast<uint16_t>(kLow)) -
                                   static_cast<uint16_t>(zero));
    } else {
      WICK_UNROLL
      for (unsigned v = 0; v < 8; ++v)
        store(codes[v] + lane, low.get(v) - static_cast<uint16_t>(zero));
    }
  }
}

using Expand = void (*)(const uint8_t*, int16_t, int16_t (*)[64]);

Expand pick_expand(const Packed& p) {
  switch (p.plane_bits * 16 + p.high_bits) {
    case 0x10:
      return expand<1, 0>;
    case 0x20:
      return expand<2, 0>;
    case 0x21:
      return expand<2, 1>;
    case 0x40:
      return expand<4, 0>;
    case 0x41:
      return expand<4, 1>;
    case 0x42:
      return expand<4, 2>;
    default:
      return expand<8, 0>;
  }
}

/// a where the mask is 0, b where it is all ones.
inline Words choose(Words a, Words b, Words mask) {
  return a ^ ((a ^ b) & mask);
}

/// Codes of 4 bits to the 16 values of a table: a tree of choices by the bits of the code, because
/// no look-up instruction is common to all.
void look_up_16(const int16_t* table, int16_t (*codes)[64]) {
  Words first[8], second[8];  // the table's values with an even and an odd code
  for (unsigned i = 0; i < 8; ++i) {
    first[i] = Words{} + static_cast<uint16_t>(table[2 * i]);
    second[i] = Words{} + static_cast<uint16_t>(table[2 * i + 1]);
  }
  for (unsigned at = 0; at < 8 * 64; at += kVectorBytes / 2) {
    int16_t* here = codes[at / 64] + at % 64;
    const Words code = load<Words>(here);
    Words masks[4];
    for (unsigned bit = 0; bit < 4; ++bit)
      masks[bit] = Words{} - ((code >> static_cast<uint16_t>(bit)) & static_cast<uint16_t>(1));
    Words level[8];
    for (unsigned i = 0; i < 8; ++i) level[i] = choose(first[i], second[i], masks[0]);
    for (unsigned i = 0; i < 4; ++i) level[i] = choose(level[2 * i], level[2 * i + 1], masks[1]);
    for (unsigned i = 0; i < 2; ++i) level[i] = choose(level[2 * i], level[2 * i + 1], masks[2]);
    store(here, choose(level[0], level[1], masks[3]));
  }
}

void look_up(const Packed& p, int16_t (*codes)[64]) {
  if (p.plane_bits + p.high_bits == 4) return look_up_16(p.integers, codes);
  for (unsigned v = 0; v < 8; ++v)
    for (unsigned i = 0; i < 64; ++i) codes[v][i] = p.integers[codes[v][i]];
}

void read_first(const uint8_t* at, uint32_t type, float* values) {
  if (type == 0) {
    __builtin_memcpy(values, at, kTileRows * sizeof(float));
  } else if (type == 1) {
    uint16_t halves[kTileRows];
    __builtin_memcpy(halves, at, sizeof halves);
    for (uint32_t r = 0; r < kTileRows; ++r) values[r] = half_to_f32(halves[r]);
  } else {
    for (uint32_t r = 0; r < kTileRows; ++r) values[r] = e8m0_value(at[r]);
  }
}

/// Groups of a weight in the order of columns; the first level is read once a chunk.
class GroupReader {
 public:
  GroupReader(const Packed& p, const uint8_t* tile) : p_(p), chunk_(tile) {
    units_per_group_ = p.halves == 2 ? 1 : p.group_values / kUnitCols;
    scale_bytes_ = kTileRows * (p.scale_type == 0 ? 4 : p.scale_type == 1 ? 2 : 1);
    start_chunk();
  }
  /// The groups of the next unit; returns its codes.
  const uint8_t* next(Group* groups) {
    if (unit_ == p_.units_per_chunk) {
      chunk_ += p_.chunk_bytes;
      start_chunk();
    }
    const uint8_t* codes = chunk_ + p_.codes_at + unit_ * p_.unit_bytes;
    for (uint32_t half = 0; half < p_.halves; ++half) {
      if (half == 1 && p_.n_scales == 2) read_level(1);
      if (p_.halves == 2 || in_group_ == 0) read_group();
      groups[half] = group_;
    }
    if (++in_group_ == units_per_group_) in_group_ = 0;
    ++unit_;
    return codes;
  }

 private:
  void start_chunk() {
    unit_ = in_group_ = n_read_ = 0;
    read_level(0);
  }
  void read_level(uint32_t index) {
    read_first(chunk_ + index * scale_bytes_, p_.scale_type, first_.scales);
    if (p_.has_min)
      read_first(chunk_ + p_.mins_at + index * scale_bytes_, p_.scale_type, first_.mins);
  }
  void read_group() {
    const uint8_t* subs = chunk_ + p_.sub_scales_at + n_read_ * kTileRows;
    const uint8_t* sub_mins = p_.shares_byte ? subs : chunk_ + p_.sub_mins_at + n_read_ * kTileRows;
    const int scale_mask = p_.shares_byte ? 15 : 255, min_shift = p_.shares_byte ? 4 : 0;
    group_ = first_;
    if (p_.has_sub_scale)
      for (uint32_t r = 0; r < kTileRows; ++r)
        group_.scales[r] *= static_cast<float>((subs[r] & scale_mask) + p_.sub_scale_low);
    if (p_.has_sub_min)
      for (uint32_t r = 0; r < kTileRows; ++r)
        group_.mins[r] *= static_cast<float>((sub_mins[r] >> min_shift) + p_.sub_min_low);
    ++n_read_;
  }

  const Packed& p_;
  const uint8_t* chunk_;
  uint32_t units_per_group_, scale_bytes_;
  uint32_t unit_ = 0, in_group_ = 0, n_read_ = 0;
  Group first_{}, group_{};
};

/// The next n units of a weight as integers.
void fill(const Packed& p, GroupReader& reader, Expand expand_codes, uint32_t n, Panel& panel) {
  for (uint32_t u = 0; u < n; ++u) {
    const uint8_t* unit = reader.next(panel.groups[u]);
    expand_codes(unit, p.integers ? 0 : static_cast<int16_t>(p.zero_point), panel.codes[u]);
    if (p.integers) look_up(p, panel.codes[u]);
    if (p.integer_scale == 1.0f) continue;
    for (uint32_t half = 0; half < p.halves; ++half)
      for (uint32_t r = 0; r < kTileRows; ++r) panel.groups[u][half].scales[r] *= p.integer_scale;
  }
}

/// The next n units in f32, exactly (see wick/abi/storage.h).
void fill_exact(const Packed& p, GroupReader& reader, Expand expand_codes, uint32_t n,
                WidePanel& panel) {
  Group groups[2];
  alignas(64) int16_t codes[8][64];
  for (uint32_t u = 0; u < n; ++u) {
    const uint8_t* unit = reader.next(groups);
    expand_codes(unit, 0, codes);
    for (uint32_t c = 0; c < kUnitCols; ++c) {
      const Group& group = groups[p.halves == 2 ? c / 16 : 0];
      float* out = panel.values[u * kUnitCols + c];
      for (uint32_t r = 0; r < kTileRows; ++r) {
        const int code = codes[c / 4][r * 4 + c % 4];
        const float value = p.table ? p.table[code] : static_cast<float>(code - p.zero_point);
        out[r] = group.scales[r] * value;
      }
      if (p.has_min)
        for (uint32_t r = 0; r < kTileRows; ++r) out[r] -= group.mins[r];
    }
  }
}

}  // namespace
}  // namespace wick::cpu
