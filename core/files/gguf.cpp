// Lookups in an open GGUF file; opening is gguf_open.cpp.
#include "files/gguf.h"

#include <wick/error.h>

#include <algorithm>
#include <utility>

#include "files/gguf_open.h"
#include "files/quoted.h"

namespace wick {
namespace {

// The value, converted by `read`; nothing where the key is absent.
template <class Read>
auto get(const GgufFile& file, std::string_view key, Read read)
    -> std::optional<decltype(read(std::declval<const GgufValue&>()))> {
  const GgufValue* value = file.find(key);
  if (value == nullptr) return std::nullopt;
  return with_path(file.path(), [&] { return read(*value); });
}

template <class T>
T need(const GgufFile& file, std::string_view key, std::optional<T> value) {
  if (value) return *std::move(value);
  fail(ErrorCode::kBadFile, file.path(), ": key ", quoted(key),
       ": is missing, need it; convert the model again");
}

}  // namespace

GgufFile GgufFile::open(const std::string& path, const TypeLayouts& layouts) {
  return GgufOpener(layouts).open(path);
}

std::uint64_t GgufFile::file_bytes() const noexcept {
  std::uint64_t total = 0;
  for (const MappedFile& part : parts_) total += part.size();
  return total;
}

const GgufValue* GgufFile::find(std::string_view key) const noexcept {
  return find_value(metadata_, keys_by_name_, key);
}

std::optional<std::uint64_t> GgufFile::get_u64(std::string_view key) const {
  return get(*this, key, [](const GgufValue& value) { return value.as_u64(); });
}

std::optional<std::int64_t> GgufFile::get_i64(std::string_view key) const {
  return get(*this, key, [](const GgufValue& value) { return value.as_i64(); });
}

std::optional<double> GgufFile::get_f64(std::string_view key) const {
  return get(*this, key, [](const GgufValue& value) { return value.as_f64(); });
}

std::optional<bool> GgufFile::get_bool(std::string_view key) const {
  return get(*this, key, [](const GgufValue& value) { return value.as_bool(); });
}

std::optional<std::string_view> GgufFile::get_string(std::string_view key) const {
  return get(*this, key, [](const GgufValue& value) { return value.as_string(); });
}

std::optional<GgufStrings> GgufFile::get_strings(std::string_view key) const {
  return get(*this, key, [](const GgufValue& value) { return value.as_strings(); });
}

template <class T>
std::optional<std::vector<T>> GgufFile::get_numbers(std::string_view key) const {
  return get(*this, key, [](const GgufValue& value) { return value.as_numbers<T>(); });
}

std::uint64_t GgufFile::need_u64(std::string_view key) const {
  return need(*this, key, get_u64(key));
}

double GgufFile::need_f64(std::string_view key) const {
  return need(*this, key, get_f64(key));
}

std::string_view GgufFile::need_string(std::string_view key) const {
  return need(*this, key, get_string(key));
}

GgufStrings GgufFile::need_strings(std::string_view key) const {
  return need(*this, key, get_strings(key));
}

template <class T>
std::vector<T> GgufFile::need_numbers(std::string_view key) const {
  return need(*this, key, get_numbers<T>(key));
}

const GgufTensor* GgufFile::find_tensor(std::string_view name) const noexcept {
  const auto found = std::lower_bound(tensors_by_name_.begin(), tensors_by_name_.end(), name,
                                      [this](std::uint32_t index, std::string_view wanted) {
                                        return tensors_[index].name < wanted;
                                      });
  if (found == tensors_by_name_.end() || tensors_[*found].name != name) return nullptr;
  return &tensors_[*found];
}

const TypeLayout* GgufFile::find_local_type(std::uint32_t type_id) const noexcept {
  const auto found =
      std::lower_bound(local_types_.begin(), local_types_.end(), type_id,
                       [](const GgufLocalType& type, std::uint32_t id) { return type.id < id; });
  return found != local_types_.end() && found->id == type_id ? &found->layout : nullptr;
}

void GgufFile::drop(const GgufTensor& tensor) const noexcept {
  drop(tensor, 0, tensor.n_bytes.value_or(0));
}

void GgufFile::drop(const GgufTensor& tensor, std::uint64_t offset,
                    std::uint64_t bytes) const noexcept {
  const std::uint64_t size = tensor.n_bytes.value_or(0);
  if (tensor.part >= parts_.size() || offset >= size) return;
  parts_[tensor.part].drop(tensor.offset + offset, std::min(bytes, size - offset));
}

template std::optional<std::vector<std::int32_t>> GgufFile::get_numbers(std::string_view) const;
template std::optional<std::vector<std::uint32_t>> GgufFile::get_numbers(std::string_view) const;
template std::optional<std::vector<std::int64_t>> GgufFile::get_numbers(std::string_view) const;
template std::optional<std::vector<std::uint64_t>> GgufFile::get_numbers(std::string_view) const;
template std::optional<std::vector<float>> GgufFile::get_numbers(std::string_view) const;
template std::optional<std::vector<double>> GgufFile::get_numbers(std::string_view) const;
template std::vector<std::int32_t> GgufFile::need_numbers(std::string_view) const;
template std::vector<std::uint32_t> GgufFile::need_numbers(std::string_view) const;
template std::vector<std::int64_t> GgufFile::need_numbers(std::string_view) const;
template std::vector<std::uint64_t> GgufFile::need_numbers(std::string_view) const;
template std::vector<float> GgufFile::need_numbers(std::string_view) const;
template std::vector<double> GgufFile::need_numbers(std::string_view) const;

}  // namespace wick
