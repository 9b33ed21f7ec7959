// Functions of vectors of f32: maxima, sums across lanes, e^x, and the way from and to smaller
// types. Not for the products of integers (simd.h).
#pragma once

#include "portable/simd.h"

namespace wick::cpu {
namespace {

/// Half as wide as Floats: an f16 for each of their lanes.
using Halves = uint16_t __attribute__((vector_size(kVectorBytes / 2)));

[[maybe_unused]] inline Floats larger(Floats a, Floats b) {
  return a > b ? a : b;
}

/// Lanes in another order: those that are kDistance apart change places.
template <unsigned kDistance>
[[maybe_unused]] inline Floats swapped(Floats v) {
#if defined(__AVX512BW__)
  if constexpr (kDistance == 8)
    return __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  if constexpr (kDistance == 4)
    return __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
  if constexpr (kDistance == 2)
    return __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
  return __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
#elif defined(__AVX2__)
  if constexpr (kDistance == 4) return __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3);
  if constexpr (kDistance == 2) return __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5);
  return __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6);
#else
  if constexpr (kDistance == 2) return __builtin_shufflevector(v, v, 2, 3, 0, 1);
  return __builtin_shufflevector(v, v, 1, 0, 3, 2);
#endif
}

/// The largest lane, in all lanes.
template <unsigned kDistance = kLanes / 2>
[[maybe_unused]] inline Floats largest_lane(Floats v) {
  v = larger(v, swapped<kDistance>(v));
  if constexpr (kDistance > 1) v = largest_lane<kDistance / 2>(v);
  return v;
}

/// The sum of all lanes as a tree, in all lanes.
template <unsigned kDistance = kLanes / 2>
[[maybe_unused]] inline Floats sum_of_lanes(Floats v) {
  v = v + swapped<kDistance>(v);
  if constexpr (kDistance > 1) v = sum_of_lanes<kDistance / 2>(v);
  return v;
}

/// x = e^x within 2 units in the last place for x <= 0; 0 below -86; NaN stays NaN. Several
/// vectors, because one is a chain of operations that wait for each other.
template <unsigned n>
[[maybe_unused]] inline void exp_of_negatives(Floats (&x)[n]) {
  constexpr float kShift = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
  constexpr float kFactors[] = {1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f,
                                1.6666665459e-1f, 5.0000001201e-1f};
  Floats shifted[n], r[n], p[n];
  WICK_UNROLL
  for (unsigned i = 0; i < n; ++i) {
    shifted[i] = multiply_add(x[i], broadcast(1.44269504088896341f), broadcast(kShift));
    const Floats whole = shifted[i] - kShift;
    // ln 2 in two parts; the product with the first is exact.
    r[i] = multiply_add(whole, broadcast(-0.693359375f), x[i]);
    r[i] = multiply_add(whole, broadcast(2.12194440e-4f), r[i]);
    p[i] = broadcast(1.9875691500e-4f);
  }
  WICK_UNROLL
  for (unsigned k = 0; k < 5; ++k) {
    WICK_UNROLL
    for (unsigned i = 0; i < n; ++i) p[i] = multiply_add(p[i], r[i], broadcast(kFactors[k]));
  }
  WICK_UNROLL
  for (unsigned i = 0; i < n; ++i) {
    const Floats e = multiply_add(p[i], r[i] * r[i], r[i]) + 1.0f;
    // Times 2^whole: the low bits of `shifted` are that number, the shift moves them to the
    // exponent; below -86 that overflows, and the sum is not used.
    const Unsigned scaled =
        reinterpret_cast<Unsigned>(e) + (reinterpret_cast<Unsigned>(shifted[i]) << 23);
    x[i] = x[i] < -86.0f ? Floats{} : reinterpret_cast<Floats>(scaled);
  }
}

[[maybe_unused]] inline Floats load_floats(const float* from) {
  return load<Floats>(from);
}
/// Whether the instruction set converts f16; otherwise that takes a dozen operations.
#if defined(__F16C__) || defined(__aarch64__)
constexpr bool kConvertsHalves = true;
#else
constexpr bool kConvertsHalves = false;
#endif

[[maybe_unused]] inline Floats load_floats(const uint16_t* from) {
#if defined(__AVX512BW__)
  // With a mask: the plain one makes gcc 12 warn of its own header.
  return reinterpret_cast<Floats>(_mm512_maskz_cvtph_ps(0xffff, load<__m256i>(from)));
#elif defined(__F16C__)
  return reinterpret_cast<Floats>(_mm256_cvtph_ps(load<__m128i>(from)));
#elif defined(__aarch64__)
  return reinterpret_cast<Floats>(vcvt_f32_f16(load<float16x4_t>(from)));
#else
  Floats wide;
  for (unsigned i = 0; i < kLanes; ++i) wide[i] = half_to_f32(from[i]);
  return wide;
#endif
}

[[maybe_unused]] inline Floats load_floats(const int8_t* from) {
#if defined(__AVX512BW__)
  const __m512i wide = _mm512_maskz_cvtepi8_epi32(0xffff, load<__m128i>(from));
  return __builtin_convertvector(reinterpret_cast<Signed>(wide), Floats);
#elif defined(__AVX2__)
  const __m256i wide = _mm256_cvtepi8_epi32(_mm_cvtsi64_si128(load<int64_t>(from)));
  return __builtin_convertvector(reinterpret_cast<Signed>(wide), Floats);
#else
  Floats wide;
  for (unsigned i = 0; i < kLanes; ++i) wide[i] = static_cast<float>(from[i]);
  return wide;
#endif
}

[[maybe_unused]] inline Halves to_halves(Floats v) {
#if defined(__AVX512BW__)
  return reinterpret_cast<Halves>(
      _mm512_maskz_cvtps_ph(0xffff, reinterpret_cast<__m512>(v), _MM_FROUND_TO_NEAREST_INT));
#elif defined(__F16C__)
  return reinterpret_cast<Halves>(
      _mm256_cvtps_ph(reinterpret_cast<__m256>(v), _MM_FROUND_TO_NEAREST_INT));
#elif defined(__aarch64__)
  return reinterpret_cast<Halves>(vcvt_f16_f32(reinterpret_cast<float32x4_t>(v)));
#else
  Halves halves;
  for (unsigned i = 0; i < kLanes; ++i) halves[i] = f32_to_half(v[i]);
  return halves;
#endif
}

}  // namespace
}  // namespace wick::cpu
