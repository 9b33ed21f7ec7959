// Loading a model is bound by memory only if these loops are not: words of 4 columns are transposed
// four by four, and bits are joined 16 bytes at a time, which every CPU has instructions for.
#include "pack_codes.h"

#include <cstring>

namespace wick::cpu {
namespace {

using Words = std::uint32_t __attribute__((vector_size(16)));

constexpr std::uint32_t kVectors = 8;       // basic vectors in a unit
constexpr std::uint32_t kVectorBytes = 64;  // 16 rows x 4 columns
constexpr std::uint32_t kQuarter = 4;       // rows, and words, that are transposed at once

struct Unit {
  Words words[kVectors][kTileRows / kQuarter];  // basic vector, four rows
};

Words load(const std::uint8_t* from) noexcept {
  Words words;
  std::memcpy(&words, from, sizeof words);
  return words;
}

/// Columns of rows 4q .. 4q + 3: word w of row r becomes word r of vector w.
void transpose(const std::uint8_t* rows, std::uint64_t stride, std::uint32_t q,
               Unit& unit) noexcept {
  for (std::uint32_t half = 0; half < 2; ++half) {
    const std::uint8_t* from = rows + half * sizeof(Words);
    const Words a = load(from), b = load(from + stride);
    const Words c = load(from + 2 * stride), d = load(from + 3 * stride);
    const Words ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    const Words ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    const Words cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    const Words cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    Words(*to)[kTileRows / kQuarter] = unit.words + half * kQuarter;
    to[0][q] = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
    to[1][q] = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
    to[2][q] = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
    to[3][q] = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
  }
}

void load_unit(const std::uint8_t* codes, std::uint64_t stride, std::uint32_t n_rows,
               Unit& unit) noexcept {
  std::uint8_t padded[kQuarter][kUnitCols];
  for (std::uint32_t q = 0; q < kTileRows / kQuarter; ++q) {
    const std::uint32_t row = q * kQuarter;
    if (row + kQuarter <= n_rows) {
      transpose(codes + row * stride, stride, q, unit);
      continue;
    }
    std::memset(padded, 0, sizeof padded);
    for (std::uint32_t r = row; r < n_rows; ++r)
      std::memcpy(padded[r - row], codes + r * stride, kUnitCols);
    transpose(padded[0], kUnitCols, q, unit);
  }
}

/// Bits shift .. shift + kBits of every code.
template <unsigned kBits>
void pack_plane(const Unit& unit, unsigned shift, std::uint8_t* plane) noexcept {
  constexpr unsigned kPerByte = 8 / kBits;
  constexpr std::uint32_t kMask = ((1u << kBits) - 1) * 0x01010101u;  // of each byte of a word
  for (unsigned m = 0; m < kBits; ++m) {
    for (unsigned q = 0; q < kTileRows / kQuarter; ++q) {
      Words joined{};
      for (unsigned k = 0; k < kPerByte; ++k)
        joined |= ((unit.words[m * kPerByte + k][q] >> shift) & kMask) << (k * kBits);
      std::memcpy(plane + m * kVectorBytes + q * sizeof joined, &joined, sizeof joined);
    }
  }
}

void pack_bits(const Unit& unit, unsigned bits, unsigned shift, std::uint8_t* plane) noexcept {
  switch (bits) {
    case 1:
      return pack_plane<1>(unit, shift, plane);
    case 2:
      return pack_plane<2>(unit, shift, plane);
    case 4:
      return pack_plane<4>(unit, shift, plane);
    case 8:
      return pack_plane<8>(unit, shift, plane);
    default:
      return;
  }
}

}  // namespace

void pack_unit(const Packed& p, const std::uint8_t* codes, std::uint64_t stride,
               std::uint32_t n_rows, std::uint8_t* to) noexcept {
  Unit unit;
  load_unit(codes, stride, n_rows, unit);
  pack_bits(unit, p.plane_bits, 0, to);
  pack_bits(unit, p.high_bits, p.plane_bits, to + kVectorBytes * p.plane_bits);
}

}  // namespace wick::cpu
