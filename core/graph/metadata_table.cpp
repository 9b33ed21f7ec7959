// See metadata_table.h. Look-ups answer with codes: a plugin makes the sentence, with the key in
// it.
#include "graph/metadata_table.h"

#include <wick/error.h>
#include <wick/sdk/guard.h>

#include <algorithm>

namespace wick {
namespace {

using sdk::to_str;
using sdk::to_view;

const MetadataSource& source_of(const wick_metadata* metadata) noexcept {
  return *reinterpret_cast<const MetadataSource*>(metadata);
}

[[noreturn]] void not_found() {
  throw Error(static_cast<ErrorCode>(WICK_NOT_FOUND), "not found");
}

/// Runs read(const GgufValue&) on the value of a key.
template <class Read>
wick_code look_up(const wick_metadata* metadata, wick_str key, Read read) noexcept {
  return sdk::guard(nullptr, [&] {
    const GgufValue* value = source_of(metadata).find(to_view(key));
    if (!value) not_found();
    read(*value);
  });
}

template <class Number>
wick_code copy_numbers(const wick_metadata* metadata, wick_str key, Number* values,
                       std::uint64_t capacity, std::uint64_t* n) noexcept {
  return look_up(metadata, key, [&](const GgufValue& value) {
    if (value.type != GgufType::kArray) fail(ErrorCode::kBadFile, "no array");
    *n = value.count;
    if (capacity == 0) return;
    const std::vector<Number> numbers = value.as_numbers<Number>();
    std::copy_n(numbers.begin(), std::min<std::uint64_t>(numbers.size(), capacity), values);
  });
}

wick_code get_f64(const wick_metadata* metadata, wick_str key, double* out) noexcept {
  return look_up(metadata, key, [&](const GgufValue& value) {
    *out = is_gguf_integer(value.type) ? static_cast<double>(value.as_i64()) : value.as_f64();
  });
}

wick_code get_tensor(const wick_metadata* metadata, wick_str name, std::uint32_t* n_dims,
                     std::uint64_t* dims) noexcept {
  return sdk::guard(nullptr, [&] {
    const auto found = source_of(metadata).tensor(to_view(name));
    if (!found) not_found();
    if (found->size() > 4) fail(ErrorCode::kBadFile, "too many dimensions");
    *n_dims = static_cast<std::uint32_t>(found->size());
    std::copy(found->begin(), found->end(), dims);
  });
}

}  // namespace

std::optional<std::vector<std::uint64_t>> FileMetadata::tensor(std::string_view name) const {
  const GgufTensor* tensor = file_.find_tensor(name);
  if (!tensor) return std::nullopt;
  return std::vector<std::uint64_t>(tensor->dims.rend() - tensor->n_dims, tensor->dims.rend());
}

const wick_metadata* to_abi(const MetadataSource& source) noexcept {
  return reinterpret_cast<const wick_metadata*>(&source);
}

const wick_metadata_api& metadata_api() noexcept {
  static const wick_metadata_api api = [] {
    auto table = sdk::make<wick_metadata_api>();
    table.get_i64 = +[](const wick_metadata* m, wick_str key, std::int64_t* out) noexcept {
      return look_up(m, key, [&](const GgufValue& value) { *out = value.as_i64(); });
    };
    table.get_f64 = &get_f64;
    table.get_str = +[](const wick_metadata* m, wick_str key, wick_str* out) noexcept {
      return look_up(m, key, [&](const GgufValue& value) { *out = to_str(value.as_string()); });
    };
    table.get_i64s = &copy_numbers<std::int64_t>;
    table.get_f64s = &copy_numbers<double>;
    table.get_bool = +[](const wick_metadata* m, wick_str key, std::uint32_t* out) noexcept {
      return look_up(m, key, [&](const GgufValue& value) { *out = value.as_bool() ? 1 : 0; });
    };
    table.tensor = &get_tensor;
    return table;
  }();
  return api;
}

}  // namespace wick
