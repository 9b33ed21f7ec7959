// How one head's keys and values lie in a block of 32 positions: storing new ones, and widening a
// block for the products of many queries. Included by one file per instruction set.
#pragma once

#include "portable/attention_task.h"
#include "portable/floats.h"
#include "portable/kv_q8.h"

namespace wick::cpu {
namespace {

constexpr uint32_t kStoreDims = 64;  ///< of a key that are turned at once

void narrow(const float* from, uint32_t n, float* to) {
  __builtin_memcpy(to, from, n * sizeof(float));
}
void narrow(const float* from, uint32_t n, uint16_t* to) {
  uint32_t i = 0;
  for (; i + kLanes <= n; i += kLanes) store(to + i, to_halves(load<Floats>(from + i)));
  for (; i < n; ++i) to[i] = f32_to_half(from[i]);
}

/// Tokens become columns: a line of the cache takes those of one dimension.
template <class Element>
void store_keys(const KvStoreTask& task, Element* keys) {
  Element rows[kBlockTokens][kStoreDims];
  for (uint32_t first = 0; first < task.head_dim; first += kStoreDims) {
    const uint32_t left = task.head_dim - first;
    const uint32_t n = left < kStoreDims ? left : kStoreDims;
    for (uint32_t t = 0; t < task.n_tokens; ++t)
      narrow(task.k + t * task.k_stride + first, n, rows[t]);
    for (uint32_t d = 0; d < n; ++d) {
      Element* to = keys + uint64_t{first + d} * kBlockTokens + task.slot;
      for (uint32_t t = 0; t < task.n_tokens; ++t) to[t] = rows[t][d];
    }
  }
}

template <class Element>
void store_values(const KvStoreTask& task, Element* values) {
  for (uint32_t t = 0; t < task.n_tokens; ++t)
    narrow(task.v + t * task.v_stride, task.value_dim,
           values + uint64_t{task.slot + t} * task.value_dim);
}

template <class Element>
void store_as(const KvStoreTask& task) {
  store_keys(task, reinterpret_cast<Element*>(task.keys));
  store_values(task, reinterpret_cast<Element*>(task.values));
}

void store_kv(const KvStoreTask& task) {
  if (task.type == KvType::kF32) store_as<float>(task);
  if (task.type == KvType::kF16) store_as<uint16_t>(task);
  if (task.type != KvType::kQ8) return;
  store_q8_keys(task);
  store_q8_values(task);
}

/// n is a multiple of 32.
void widen(const uint16_t* from, uint64_t n, float* to) {
  if constexpr (kConvertsHalves)
    for (uint64_t i = 0; i < n; i += kLanes) store(to + i, load_floats(from + i));
  else
    for (uint64_t i = 0; i < n; ++i) to[i] = half_to_f32(from[i]);
}

}  // namespace
}  // namespace wick::cpu
