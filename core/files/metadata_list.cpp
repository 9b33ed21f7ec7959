// See metadata_list.h.
#include "files/metadata_list.h"

#include <wick/error.h>

#include <utility>

#include "files/quoted.h"

namespace wick {
namespace {

template <class T>
std::string bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

template <class T>
std::string bytes_of_all(std::span<const T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

}  // namespace

void MetadataList::add(std::string_view key, GgufType type, std::string bytes, GgufType element,
                       std::uint64_t count) {
  if (by_key_.count(key) != 0)
    fail(ErrorCode::kBadArgument, "key ", quoted(key), ": is given twice, need each key once");
  Entry& entry = entries_.emplace_back(Entry{std::string(key), std::move(bytes), {}});
  entry.value.key = entry.key;
  entry.value.type = type;
  entry.value.element = element;
  entry.value.count = count;
  entry.value.bytes = std::as_bytes(std::span(entry.bytes));
  by_key_.emplace(entry.value.key, &entry.value);
}

void MetadataList::add_u32(std::string_view key, std::uint32_t value) {
  add(key, GgufType::kU32, bytes_of(value));
}
void MetadataList::add_i64(std::string_view key, std::int64_t value) {
  add(key, GgufType::kI64, bytes_of(value));
}
void MetadataList::add_u64(std::string_view key, std::uint64_t value) {
  add(key, GgufType::kU64, bytes_of(value));
}
void MetadataList::add_f32(std::string_view key, float value) {
  add(key, GgufType::kF32, bytes_of(value));
}
void MetadataList::add_f64(std::string_view key, double value) {
  add(key, GgufType::kF64, bytes_of(value));
}
void MetadataList::add_bool(std::string_view key, bool value) {
  add(key, GgufType::kBool, std::string(1, value ? '\1' : '\0'));
}
void MetadataList::add_string(std::string_view key, std::string_view value) {
  add(key, GgufType::kString, std::string(value));
}
void MetadataList::add_i32s(std::string_view key, std::span<const std::int32_t> values) {
  add(key, GgufType::kArray, bytes_of_all(values), GgufType::kI32, values.size());
}
void MetadataList::add_i64s(std::string_view key, std::span<const std::int64_t> values) {
  add(key, GgufType::kArray, bytes_of_all(values), GgufType::kI64, values.size());
}
void MetadataList::add_f32s(std::string_view key, std::span<const float> values) {
  add(key, GgufType::kArray, bytes_of_all(values), GgufType::kF32, values.size());
}
void MetadataList::add_f64s(std::string_view key, std::span<const double> values) {
  add(key, GgufType::kArray, bytes_of_all(values), GgufType::kF64, values.size());
}

void MetadataList::add_strings(std::string_view key, std::span<const std::string> values) {
  std::string bytes;
  for (const std::string& value : values)
    bytes += bytes_of(static_cast<std::uint64_t>(value.size())) + value;
  add(key, GgufType::kArray, std::move(bytes), GgufType::kString, values.size());
}

const GgufValue* MetadataList::find(std::string_view key) const noexcept {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : found->second;
}

}  // namespace wick
