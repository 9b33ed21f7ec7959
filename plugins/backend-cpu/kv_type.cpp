// One row a type: its name, whether a precise plan takes it, and its bytes.
#include "kv_type.h"

#include <wick/error.h>

#include <algorithm>
#include <iterator>
#include <string>

namespace wick::cpu {
namespace {

struct Row {
  std::string_view name;
  KvType type;
  bool precise;
  std::uint64_t element_bytes;
};
constexpr Row kRows[] = {{"f16", KvType::kF16, false, 2},
                         {"bf16", KvType::kBf16, false, 2},
                         {"f32", KvType::kF32, true, 4},
                         {"q8_0", KvType::kQ8, false, 1}};

/// Of n values a token, for 32 tokens: without the scales of groups, their size.
std::uint64_t code_bytes(KvType type, std::uint64_t n) noexcept {
  const Row& row = *std::find_if(std::begin(kRows), std::end(kRows),
                                 [=](const Row& r) { return r.type == type; });
  return n * kBlockTokens * row.element_bytes;
}

std::uint64_t scale_bytes(KvType type, std::uint64_t n) noexcept {
  const std::uint64_t n_groups = (n + kKvGroup - 1) / kKvGroup;
  return type == KvType::kQ8 ? n_groups * kBlockTokens * 2 : 0;
}

}  // namespace

KvType choose_kv_type(std::string_view option, bool precise, KvType narrow) {
  if (option.empty()) return precise ? KvType::kF32 : narrow;
  std::string names;
  for (const Row& row : kRows) {
    if (row.precise != precise || (row.type == KvType::kBf16 && narrow != KvType::kBf16)) continue;
    if (row.name == option) return row.type;
    names += (names.empty() ? "" : ", ") + std::string(row.name);
  }
  fail(ErrorCode::kBadArgument, "cpu: keys and values ", precise ? "of a precise run " : "",
       "cannot be held as ", option, ", need one of ", names);
}

std::uint64_t key_bytes(KvType type, std::uint64_t head_dim) noexcept {
  // Pairs of dimensions.
  const std::uint64_t n = type == KvType::kBf16 ? (head_dim + 1) / 2 * 2 : head_dim;
  return code_bytes(type, n) + scale_bytes(type, head_dim);
}

std::uint64_t value_bytes(KvType type, std::uint64_t value_dim) noexcept {
  return code_bytes(type, value_dim) + scale_bytes(type, value_dim);
}

}  // namespace wick::cpu
