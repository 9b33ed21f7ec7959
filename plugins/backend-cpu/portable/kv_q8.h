// Keys and values in 8 bits: x = scale * code, a scale in f16 for 32 dimensions of a token.
// Included by one file per instruction set.
#pragma once

#include "portable/attention_task.h"
#include "portable/floats.h"

namespace wick::cpu {
namespace {

struct Q8Group {
  uint16_t scale;
  int8_t codes[kKvGroup];
};

/// n values, at most a group, to the nearest of 255 steps. An infinity or NaN makes all of the
/// group NaN: it is not hidden.
Q8Group quantize_group(const float* x, uint32_t n) {
  constexpr float kShift = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
  uint32_t most = 0;
  for (uint32_t i = 0; i < n; ++i) {
    const uint32_t size = to_bits(x[i]) & 0x7fffffffu;
    most = size > most ? size : most;
  }
  Q8Group group = {};
  const bool is_finite = most < 0x7f800000u;
  group.scale = is_finite ? f32_to_half(from_bits(most) / 127.0f) : uint16_t{0x7e00};
  const float scale = half_to_f32(group.scale);
  const float factor = scale > 0.0f && scale < __builtin_inff() ? 1.0f / scale : 0.0f;
  for (uint32_t i = 0; i < n; ++i) {
    // The scale is rounded: a step too many at the end.
    float code = (x[i] * factor + kShift) - kShift;
    code = code > 127.0f ? 127.0f : code;
    code = code < -127.0f ? -127.0f : code;
    group.codes[i] = is_finite ? static_cast<int8_t>(static_cast<int32_t>(code)) : int8_t{0};
  }
  return group;
}

/// keys: codes [head_dim][32 tokens], then scales [groups][32 tokens].
void store_q8_keys(const KvStoreTask& task) {
  auto* codes = reinterpret_cast<int8_t*>(task.keys);
  auto* scales = reinterpret_cast<uint16_t*>(task.keys + uint64_t{task.head_dim} * kBlockTokens);
  for (uint32_t t = 0; t < task.n_tokens; ++t) {
    const uint32_t slot = task.slot + t;
    for (uint32_t first = 0; first < task.head_dim; first += kKvGroup) {
      const uint32_t left = task.head_dim - first, n = left < kKvGroup ? left : kKvGroup;
      const Q8Group group = quantize_group(task.k + t * task.k_stride + first, n);
      scales[first / kKvGroup * kBlockTokens + slot] = group.scale;
      for (uint32_t i = 0; i < n; ++i)
        codes[uint64_t{first + i} * kBlockTokens + slot] = group.codes[i];
    }
  }
}

/// values: codes [32 tokens][value_dim], then scales [32 tokens][groups].
void store_q8_values(const KvStoreTask& task) {
  const uint32_t n_groups = (task.value_dim + kKvGroup - 1) / kKvGroup;
  auto* scales = reinterpret_cast<uint16_t*>(task.values + uint64_t{task.value_dim} * kBlockTokens);
  for (uint32_t t = 0; t < task.n_tokens; ++t) {
    const uint64_t slot = task.slot + t;
    for (uint32_t first = 0; first < task.value_dim; first += kKvGroup) {
      const uint32_t left = task.value_dim - first, n = left < kKvGroup ? left : kKvGroup;
      const Q8Group group = quantize_group(task.v + t * task.v_stride + first, n);
      scales[slot * n_groups + first / kKvGroup] = group.scale;
      __builtin_memcpy(task.values + slot * task.value_dim + first, group.codes, n);
    }
  }
}

/// 32 scales, a group's tokens or the next groups of values.
inline void widen_scales(const uint16_t* halves, float* scales) {
  for (uint32_t i = 0; i < kBlockTokens; i += kLanes) store(scales + i, load_floats(halves + i));
}

/// next: as many bytes that will be wanted soon.
void widen_q8_keys(const uint8_t* keys, const uint8_t* next, uint32_t head_dim, float* to) {
  const auto* codes = reinterpret_cast<const int8_t*>(keys);
  const auto* halves = reinterpret_cast<const uint16_t*>(keys + uint64_t{head_dim} * kBlockTokens);
  alignas(64) float scales[kBlockTokens] = {};
  for (uint32_t d = 0; d < head_dim; ++d) {
    if (d % kKvGroup == 0) widen_scales(halves + d / kKvGroup * kBlockTokens, scales);
    const uint64_t at = uint64_t{d} * kBlockTokens;
    __builtin_prefetch(next + at);
    WICK_UNROLL
    for (uint32_t t = 0; t < kBlockTokens; t += kLanes)
      store(to + at + t, load_floats(codes + at + t) * load<Floats>(scales + t));
  }
}

void widen_q8_values(const uint8_t* values, const uint8_t* next, uint32_t value_dim, float* to) {
  const auto* codes = reinterpret_cast<const int8_t*>(values);
  const auto* halves =
      reinterpret_cast<const uint16_t*>(values + uint64_t{value_dim} * kBlockTokens);
  const uint32_t n_groups = (value_dim + kKvGroup - 1) / kKvGroup;
  alignas(64) float scales[kBlockTokens] = {};
  uint64_t at = 0;
  for (uint32_t group = 0; group < kBlockTokens * n_groups; ++group) {
    if (group % kBlockTokens == 0) widen_scales(halves + group, scales);
    const float scale = scales[group % kBlockTokens];
    const uint32_t first = group % n_groups * kKvGroup;
    const uint64_t end = at + (value_dim - first < kKvGroup ? value_dim - first : kKvGroup);
    __builtin_prefetch(next + at);
    for (; at + kLanes <= end; at += kLanes) store(to + at, load_floats(codes + at) * scale);
    for (; at < end; ++at) to[at] = static_cast<float>(codes[at]) * scale;
  }
}

}  // namespace
}  // namespace wick::cpu
