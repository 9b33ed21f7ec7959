// Vectors as wide as the instruction set that the including file is built for, by the extension
// that gcc and clang share. In an anonymous namespace for the same reason as math.h.
#pragma once

#include <stdint.h>

#if defined(__AVX2__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#include "portable/math.h"

// Before a loop of a few steps over registers. The compilers do not share the pragma's name.
#if defined(__clang__)
#define WICK_UNROLL _Pragma("unroll")
#else
#define WICK_UNROLL _Pragma("GCC unroll 8")
#endif

namespace wick::cpu {
namespace {

#if defined(__AVX512BW__)
constexpr unsigned kVectorBytes = 64;
#elif defined(__AVX2__)
constexpr unsigned kVectorBytes = 32;
#else
constexpr unsigned kVectorBytes = 16;
#endif

/// f32 or i32 lanes of a vector, and how many vectors hold the 16 rows of a tile.
constexpr unsigned kLanes = kVectorBytes / 4;
constexpr unsigned kRowVectors = 16 / kLanes;

using Bytes = uint8_t __attribute__((vector_size(kVectorBytes / 2)));  // as many lanes as Words
using Words = uint16_t __attribute__((vector_size(kVectorBytes)));
using Signed = int32_t __attribute__((vector_size(kVectorBytes)));
using Unsigned = uint32_t __attribute__((vector_size(kVectorBytes)));
using Quads = uint64_t __attribute__((vector_size(kVectorBytes)));
using Floats = float __attribute__((vector_size(kVectorBytes)));

template <class Vector>
[[maybe_unused]] inline Vector load(const void* from) {
  Vector vector;
  __builtin_memcpy(&vector, from, sizeof vector);
  return vector;
}
template <class Vector>
[[maybe_unused]] inline void store(void* to, Vector vector) {
  __builtin_memcpy(to, &vector, sizeof vector);
}

[[maybe_unused]] inline Floats broadcast(float value) {
  return value - Floats{};  // x - 0 is x, for -0 too
}

/// a * b + c, in one rounding where the instruction set has that: always this, never a choice of
/// the compiler, so that the bits are the same wherever a value falls into.
[[maybe_unused]] inline Floats multiply_add(Floats a, Floats b, Floats c) {
#if defined(__AVX512F__) && defined(__AVX512BW__)
  return reinterpret_cast<Floats>(_mm512_fmadd_ps(
      reinterpret_cast<__m512>(a), reinterpret_cast<__m512>(b), reinterpret_cast<__m512>(c)));
#elif defined(__AVX2__) && defined(__FMA__)
  return reinterpret_cast<Floats>(_mm256_fmadd_ps(
      reinterpret_cast<__m256>(a), reinterpret_cast<__m256>(b), reinterpret_cast<__m256>(c)));
#elif defined(__ARM_FEATURE_FMA) && defined(__aarch64__)
  return reinterpret_cast<Floats>(vfmaq_f32(reinterpret_cast<float32x4_t>(c),
                                            reinterpret_cast<float32x4_t>(a),
                                            reinterpret_cast<float32x4_t>(b)));
#else
  return a * b + c;
#endif
}

/// Four adjacent 16-bit values, again and again.
[[maybe_unused]] inline Words repeat_four(const int16_t* from) {
  uint64_t four;
  __builtin_memcpy(&four, from, sizeof four);
  return reinterpret_cast<Words>(Quads{} + four);
}

/// Adds neighbours: 16-bit lanes to 32-bit lanes.
[[maybe_unused]] inline Signed add_pairs(Words words) {
  const Signed wide = reinterpret_cast<Signed>(words);
  return ((wide << 16) >> 16) + (wide >> 16);
}

/// Adds neighbours of both: the sums of a, then those of b.
[[maybe_unused]] inline Signed add_neighbours(Signed a, Signed b) {
#if defined(__AVX512BW__)
  return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30) +
         __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
#elif defined(__AVX2__)
  return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14) +
         __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
#else
  return __builtin_shufflevector(a, b, 0, 2, 4, 6) + __builtin_shufflevector(a, b, 1, 3, 5, 7);
#endif
}

}  // namespace
}  // namespace wick::cpu
