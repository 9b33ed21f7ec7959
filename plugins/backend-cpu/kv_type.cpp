// One row a type: its name, and whether a precise plan takes it.
#include "kv_type.h"

#include <wick/error.h>

#include <string>

namespace wick::cpu {
namespace {

struct Row {
  std::string_view name;
  KvType type;
  bool precise;
};
constexpr Row kRows[] = {
    {"f16", KvType::kF16, false}, {"f32", KvType::kF32, true}, {"q8_0", KvType::kQ8, false}};

/// Of n values a token, for 32 tokens: without the scales of groups, their size.
std::uint64_t code_bytes(KvType type, std::uint64_t n) noexcept {
  const std::uint64_t element = type == KvType::kF32 ? 4 : type == KvType::kF16 ? 2 : 1;
  return n * kBlockTokens * element;
}

std::uint64_t scale_bytes(KvType type, std::uint64_t n) noexcept {
  const std::uint64_t n_groups = (n + kKvGroup - 1) / kKvGroup;
  return type == KvType::kQ8 ? n_groups * kBlockTokens * 2 : 0;
}

}  // namespace

KvType choose_kv_type(std::string_view option, bool precise) {
  if (option.empty()) return precise ? KvType::kF32 : KvType::kF16;
  std::string names;
  for (const Row& row : kRows) {
    if (row.precise != precise) continue;
    if (row.name == option) return row.type;
    names += (names.empty() ? "" : ", ") + std::string(row.name);
  }
  fail(ErrorCode::kBadArgument, "cpu: keys and values ", precise ? "of a precise run " : "",
       "cannot be held as ", option, ", need one of ", names);
}

std::uint64_t key_bytes(KvType type, std::uint64_t head_dim) noexcept {
  return code_bytes(type, head_dim) + scale_bytes(type, head_dim);
}

std::uint64_t value_bytes(KvType type, std::uint64_t value_dim) noexcept {
  return code_bytes(type, value_dim) + scale_bytes(type, value_dim);
}

}  // namespace wick::cpu
