// Vectors of floats as wide as the instruction set that the including file is built for. In an
// anonymous namespace, because each such file is built for another CPU. No sum crosses lanes and
// nothing is fused, so every width finds the same.
#pragma once

#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace wick::quant {
namespace {

#if defined(__AVX512BW__)
constexpr int kVectorBytes = 64;
#elif defined(__AVX2__)
constexpr int kVectorBytes = 32;
#else
constexpr int kVectorBytes = 16;
#endif
constexpr int kLanes = kVectorBytes / 4;
#if defined(__AVX2__)
constexpr bool kHasLookup = true;  ///< in registers
#else
constexpr bool kHasLookup = false;
#endif

using Floats = float __attribute__((vector_size(kVectorBytes)));
using Ints = int32_t __attribute__((vector_size(kVectorBytes)));

[[maybe_unused]] inline Floats load(const float* from) {
  Floats vector;
  __builtin_memcpy(&vector, from, sizeof vector);
  return vector;
}
[[maybe_unused]] inline void store(float* to, Floats vector) {
  __builtin_memcpy(to, &vector, sizeof vector);
}
[[maybe_unused]] inline Floats splat(float value) {
  return value - Floats{};  // x - 0 is x, for -0 too
}
[[maybe_unused]] inline Ints bits_of(Floats vector) {
  return reinterpret_cast<Ints>(vector);
}
[[maybe_unused]] inline Floats floats_of(Ints bits) {
  return reinterpret_cast<Floats>(bits);
}
/// mask: all bits of a lane, or none, as comparing gives.
[[maybe_unused]] inline Floats select(Ints mask, Floats yes, Floats no) {
  return floats_of((mask & bits_of(yes)) | (~mask & bits_of(no)));
}
[[maybe_unused]] inline Floats magnitude(Floats vector) {
  return floats_of(bits_of(vector) & 0x7fffffff);
}

/// The second where one is a NaN, with either compiler. Masked, for gcc 12 takes a part of the
/// plain form for uninitialized (its bug 105593).
[[maybe_unused]] inline Floats least(Floats a, Floats b) {
#if defined(__AVX512BW__)
  return reinterpret_cast<Floats>(
      _mm512_maskz_min_ps(0xffff, reinterpret_cast<__m512>(a), reinterpret_cast<__m512>(b)));
#elif defined(__AVX2__)
  return reinterpret_cast<Floats>(
      _mm256_min_ps(reinterpret_cast<__m256>(a), reinterpret_cast<__m256>(b)));
#elif defined(__x86_64__)
  return reinterpret_cast<Floats>(
      _mm_min_ps(reinterpret_cast<__m128>(a), reinterpret_cast<__m128>(b)));
#else
  return select(a < b, a, b);
#endif
}
[[maybe_unused]] inline Floats greatest(Floats a, Floats b) {
#if defined(__AVX512BW__)
  return reinterpret_cast<Floats>(
      _mm512_maskz_max_ps(0xffff, reinterpret_cast<__m512>(a), reinterpret_cast<__m512>(b)));
#elif defined(__AVX2__)
  return reinterpret_cast<Floats>(
      _mm256_max_ps(reinterpret_cast<__m256>(a), reinterpret_cast<__m256>(b)));
#elif defined(__x86_64__)
  return reinterpret_cast<Floats>(
      _mm_max_ps(reinterpret_cast<__m128>(a), reinterpret_cast<__m128>(b)));
#else
  return select(a > b, a, b);
#endif
}
[[maybe_unused]] inline Floats within(Floats vector, float low, float high) {
  return least(greatest(vector, splat(low)), splat(high));
}

/// table[index] for each lane, from 16 floats.
[[maybe_unused]] inline Floats looked_up(const float* table, Ints index) {
#if defined(__AVX512BW__)
  return reinterpret_cast<Floats>(_mm512_maskz_permutexvar_ps(
      0xffff, reinterpret_cast<__m512i>(index), reinterpret_cast<__m512>(load(table))));
#elif defined(__AVX2__)
  const auto lanes = reinterpret_cast<__m256i>(index);  // of which the low 3 bits count
  const __m256 low = _mm256_permutevar8x32_ps(reinterpret_cast<__m256>(load(table)), lanes);
  const __m256 high = _mm256_permutevar8x32_ps(reinterpret_cast<__m256>(load(table + 8)), lanes);
  return select(index > 7, reinterpret_cast<Floats>(high), reinterpret_cast<Floats>(low));
#else
  Floats found;
  for (int lane = 0; lane < kLanes; ++lane) found[lane] = table[index[lane]];
  return found;
#endif
}

/// To whole numbers, ties to even, below 2^22: the adder does it.
[[maybe_unused]] inline Floats rounded(Floats vector) {
  constexpr float kShift = 12582912.0f;
  return (vector + kShift) - kShift;
}
/// a / b, and 0 where b is 0 or next to it.
[[maybe_unused]] inline Floats quotient(Floats a, Floats b) {
  const Ints usable = magnitude(b) > 1e-30f;
  return floats_of(usable & bits_of(a / select(usable, b, splat(1.0f))));
}

/// The nearest f16, as f32; what f16 cannot hold stays as it is.
[[maybe_unused]] inline Floats nearest_f16(Floats value) {
  const Ints bits = bits_of(value), size = bits & 0x7fffffff;
  const Ints normal = (size + 0xfff + ((size >> 13) & 1)) & ~0x1fff;
  // Beside 0.5 the f32 step is 2^-24, that of subnormal f16.
  const Floats subnormal = (floats_of(size) + 0.5f) - 0.5f;
  const Floats small = select(size < (113 << 23), subnormal, floats_of(normal));
  const Floats held = select(size < 0x477ff000, small, floats_of(size));
  return floats_of(bits_of(held) | (bits & ~0x7fffffff));
}
/// The same, but never 0 for what is not: codes under the smallest scale lose less than none.
[[maybe_unused]] inline Floats nearest_f16_scale(Floats value) {
  const Floats half = nearest_f16(value);
  const Ints lost = (magnitude(half) == 0.0f) & (magnitude(value) > 0.0f);
  const Ints sign = bits_of(value) & ~0x7fffffff;
  return select(lost, floats_of(bits_of(splat(0x1p-24f)) | sign), half);
}

}  // namespace
}  // namespace wick::quant
