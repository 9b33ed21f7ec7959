// Pairs of bf16, for the instruction that adds two products to a sum in f32 (vdpbf16ps). It takes
// subnormals for zero and rounds to the nearest. Not for plain bf16 weights. Included by files that
// are built for AVX-512 BF16.
#pragma once

#include "portable/floats.h"

namespace wick::cpu {
namespace {

/// Two bf16, the first in the low half; a lane of Words. Only its address is used, load and store
/// read and write it.
enum class Pair : uint32_t {};

/// Lanes below n.
inline __mmask16 lanes_below(uint32_t n) {
  return static_cast<__mmask16>(n < kLanes ? (1u << n) - 1 : 0xffffu);
}

/// The first n lanes, zero behind them; memory behind is not touched.
inline Floats load_part(const float* from, uint32_t n) {
  return reinterpret_cast<Floats>(_mm512_maskz_loadu_ps(lanes_below(n), from));
}
inline Words load_part(const Pair* from, uint32_t n) {
  return reinterpret_cast<Words>(_mm512_maskz_loadu_epi32(lanes_below(n), from));
}
inline void store_part(float* to, Floats v, uint32_t n) {
  _mm512_mask_storeu_ps(to, lanes_below(n), reinterpret_cast<__m512>(v));
}
inline void store_part(Pair* to, Words v, uint32_t n) {
  _mm512_mask_storeu_epi32(to, lanes_below(n), reinterpret_cast<__m512i>(v));
}

/// Stores the first (side 0) or the second of each pair, and leaves the others alone.
inline void store_side(Pair* to, Words v, uint32_t side, uint32_t n) {
  const uint32_t below = n < kLanes ? (1u << 2 * n) - 1 : 0xffffffffu;
  _mm512_mask_storeu_epi16(to, below & (side == 0 ? 0x55555555u : 0xaaaaaaaau),
                           reinterpret_cast<__m512i>(v));
}

/// Neighbours become pairs: those of a, then those of b.
inline Words pairs_along(Floats a, Floats b) {
  return reinterpret_cast<Words>(
      _mm512_cvtne2ps_pbh(reinterpret_cast<__m512>(b), reinterpret_cast<__m512>(a)));
}

/// Lane i holds a[i] and b[i].
inline Words pairs_of(Floats a, Floats b) {
  alignas(64) constexpr static uint16_t kOrder[32] = {0,  16, 1,  17, 2,  18, 3,  19, 4,  20, 5,
                                                      21, 6,  22, 7,  23, 8,  24, 9,  25, 10, 26,
                                                      11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
  return reinterpret_cast<Words>(_mm512_permutexvar_epi16(
      load<__m512i>(kOrder), reinterpret_cast<__m512i>(pairs_along(a, b))));
}

/// One pair in all lanes.
inline Words repeat(const Pair* from) {
  return reinterpret_cast<Words>(Unsigned{} + load<uint32_t>(from));
}

/// sum + the two products of each lane.
inline Floats add_products(Words a, Words b, Floats sum) {
  return reinterpret_cast<Floats>(_mm512_dpbf16_ps(
      reinterpret_cast<__m512>(sum), reinterpret_cast<__m512bh>(a), reinterpret_cast<__m512bh>(b)));
}

}  // namespace
}  // namespace wick::cpu
