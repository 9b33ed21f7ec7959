// Writes GGUF version 3.
#include "files/gguf_writer.h"

#include <wick/error.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <type_traits>
#include <utility>

#include "files/gguf_local_types.h"
#include "files/quoted.h"

namespace wick {
namespace {

constexpr std::uint32_t kVersion = 3;
constexpr std::uint64_t kDefaultAlignment = 32;
constexpr std::uint64_t kMaxAlignment = 1 << 24;
constexpr std::uint64_t kMaxNameBytes = 65535;

// The metadata type of a number of C++.
template <class T>
constexpr GgufType type_of() {
  if (std::is_same_v<T, float>) return GgufType::kF32;
  if (std::is_same_v<T, double>) return GgufType::kF64;
  constexpr bool kSigned = std::is_signed_v<T>;
  if (sizeof(T) == 1) return kSigned ? GgufType::kI8 : GgufType::kU8;
  if (sizeof(T) == 2) return kSigned ? GgufType::kI16 : GgufType::kU16;
  if (sizeof(T) == 4) return kSigned ? GgufType::kI32 : GgufType::kU32;
  return kSigned ? GgufType::kI64 : GgufType::kU64;
}

template <class T>
void append(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void append_string(std::string& out, std::string_view text) {
  append<std::uint64_t>(out, text.size());
  out += text;
}

void append_array(std::string& out, GgufType element, std::uint64_t count) {
  append(out, static_cast<std::uint32_t>(element));
  append(out, count);
}

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::uint64_t round_up(std::uint64_t value, std::uint64_t step) {
  return (value + step - 1) / step * step;
}

bool describes_one_file(std::string_view key) {
  return key == "general.alignment" || key.substr(0, 6) == "split." ||
         key.substr(0, 17) == "wick.tensor_type.";
}

// The bytes of a tensor, its shape checked.
std::uint64_t checked_bytes(const GgufTensorSpec& spec) {
  const auto bad = [&](const char* what, auto got, const char* need) {
    fail(ErrorCode::kBadArgument, "tensor ", quoted(spec.name), ": ", what, ", got ", got,
         ", need ", need);
  };
  if (spec.name.empty() || spec.name.size() > kMaxNameBytes)
    bad("its name has a wrong length", spec.name.size(), "1 to 65535 bytes");
  if (spec.dims.empty() || spec.dims.size() > 4)
    bad("has a wrong number of dimensions", spec.dims.size(), "1 to 4");
  if (spec.layout.block_values == 0 || spec.layout.block_bytes == 0)
    bad("its type has empty blocks", 0, "1 or more");
  if (spec.dims[0] % spec.layout.block_values != 0)
    bad("a row is not a whole number of blocks", spec.dims[0],
        "a multiple of the type's block_values");
  std::uint64_t n_bytes = spec.layout.block_bytes;
  for (std::size_t i = 0; i < spec.dims.size(); ++i) {
    const std::uint64_t size = i == 0 ? spec.dims[0] / spec.layout.block_values : spec.dims[i];
    constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
    if (size == 0 || size > kMost / n_bytes)
      bad("has a wrong dimension", spec.dims[i], "1 or more, and a product below 2^63");
    n_bytes *= size;
  }
  return n_bytes;
}

}  // namespace

GgufWriter::GgufWriter(std::string path, std::uint64_t alignment)
    : file_(std::move(path)), alignment_(alignment) {
  if (alignment < 8 || alignment > kMaxAlignment || !std::has_single_bit(alignment))
    fail(ErrorCode::kBadArgument, file_.path(), ": cannot align tensors, got ", alignment,
         ", need a power of two from 8 to ", kMaxAlignment);
}

void GgufWriter::start_value(std::string_view key, GgufType type) {
  if (begun_)
    fail(ErrorCode::kBadArgument, file_.path(), ": key ", quoted(key),
         ": comes too late, need it before begin()");
  if (key.empty() || key.size() > kMaxNameBytes)
    fail(ErrorCode::kBadArgument, file_.path(), ": a key has a wrong length, got ", key.size(),
         " bytes, need 1 to ", kMaxNameBytes);
  if (!keys_.emplace(key).second)
    fail(ErrorCode::kBadArgument, file_.path(), ": key ", quoted(key),
         ": is given twice, need each key once");
  append_string(metadata_, key);
  append(metadata_, static_cast<std::uint32_t>(type));
}

template <class T>
void GgufWriter::add_number(std::string_view key, T value) {
  start_value(key, type_of<T>());
  append(metadata_, value);
}

void GgufWriter::add_bool(std::string_view key, bool value) {
  start_value(key, GgufType::kBool);
  append<std::uint8_t>(metadata_, value ? 1 : 0);
}

void GgufWriter::add_string(std::string_view key, std::string_view value) {
  start_value(key, GgufType::kString);
  append_string(metadata_, value);
}

void GgufWriter::add_strings(std::string_view key, std::span<const std::string> values) {
  start_value(key, GgufType::kArray);
  append_array(metadata_, GgufType::kString, values.size());
  for (const std::string& value : values) append_string(metadata_, value);
}

template <class T>
void GgufWriter::add_numbers(std::string_view key, std::span<const T> values) {
  start_value(key, GgufType::kArray);
  append_array(metadata_, type_of<T>(), values.size());
  metadata_ += as_text(std::as_bytes(values));
}

void GgufWriter::add_bools(std::string_view key, std::span<const bool> values) {
  start_value(key, GgufType::kArray);
  append_array(metadata_, GgufType::kBool, values.size());
  for (const bool value : values) append<std::uint8_t>(metadata_, value ? 1 : 0);
}

void GgufWriter::add_value(const GgufValue& value) {
  if (describes_one_file(value.key)) return;
  if (value.type == GgufType::kString) return add_string(value.key, as_text(value.bytes));
  start_value(value.key, value.type);
  if (value.type == GgufType::kArray) append_array(metadata_, value.element, value.count);
  metadata_ += as_text(value.bytes);
}

void GgufWriter::add_tensor(GgufTensorSpec spec) {
  if (begun_)
    fail(ErrorCode::kBadArgument, file_.path(), ": tensor ", quoted(spec.name),
         ": comes too late, need it before begin()");
  const std::uint64_t n_bytes = checked_bytes(spec);
  if (!names_.insert(spec.name).second)
    fail(ErrorCode::kBadArgument, file_.path(), ": tensor ", quoted(spec.name),
         ": is given twice, need each name once");
  const std::uint64_t end = round_up(n_bytes, alignment_);
  if (end > std::numeric_limits<std::int64_t>::max() - data_bytes_)
    fail(ErrorCode::kBadArgument, file_.path(), ": tensor ", quoted(spec.name),
         ": the file is too large, need less than 2^63 bytes");
  if (spec.type_id >= kFirstLocalTypeId) add_local_type(spec.type_id, spec.layout);
  tensors_.push_back({std::move(spec), n_bytes, data_bytes_});
  data_bytes_ += end;
}

void GgufWriter::add_local_type(std::uint32_t id, const TypeLayout& layout) {
  const auto [bound, is_new] = local_types_.emplace(id, layout);
  const TypeLayout& first = bound->second;
  if (!is_new && (first.name != layout.name || first.block_values != layout.block_values ||
                  first.block_bytes != layout.block_bytes))
    fail(ErrorCode::kBadArgument, file_.path(), ": type ", id, " has two layouts, got ",
         quoted(layout.name), ", need ", quoted(first.name));
}

void GgufWriter::add_local_types() {
  std::vector<std::uint32_t> ids;
  std::vector<std::string> names;
  std::vector<std::uint64_t> block_values;
  std::vector<std::uint64_t> block_bytes;
  for (const auto& [id, layout] : local_types_) {
    ids.push_back(id);
    names.push_back(layout.name);
    block_values.push_back(layout.block_values);
    block_bytes.push_back(layout.block_bytes);
  }
  if (ids.empty()) return;
  add_numbers<std::uint32_t>(kLocalTypeIds, ids);
  add_strings(kLocalTypeNames, names);
  add_numbers<std::uint64_t>(kLocalTypeBlockValues, block_values);
  add_numbers<std::uint64_t>(kLocalTypeBlockBytes, block_bytes);
}

void GgufWriter::begin() {
  if (begun_) fail(ErrorCode::kBadArgument, file_.path(), ": begin() is called twice");
  add_local_types();
  if (alignment_ != kDefaultAlignment)
    add_number("general.alignment", static_cast<std::uint32_t>(alignment_));
  begun_ = true;
  std::string head = "GGUF";
  append(head, kVersion);
  append<std::uint64_t>(head, tensors_.size());
  append<std::uint64_t>(head, keys_.size());
  file_.write(head);
  file_.write(metadata_);
  std::string entries;
  for (const Tensor& tensor : tensors_) {
    append_string(entries, tensor.spec.name);
    append(entries, static_cast<std::uint32_t>(tensor.spec.dims.size()));
    for (const std::uint64_t size : tensor.spec.dims) append(entries, size);
    append(entries, tensor.spec.type_id);
    append(entries, tensor.offset);
  }
  file_.write(entries);
  pad();
}

void GgufWriter::pad() {
  const std::uint64_t n_bytes = round_up(file_.size(), alignment_) - file_.size();
  file_.write(std::string(static_cast<std::size_t>(n_bytes), '\0'));
}

void GgufWriter::write_data(std::span<const std::byte> bytes) {
  if (!begun_)
    fail(ErrorCode::kBadArgument, file_.path(),
         ": tensor data comes too early, need begin() first");
  if (bytes.empty()) return;
  const std::uint64_t left =
      current_ < tensors_.size() ? tensors_[current_].n_bytes - current_bytes_ : 0;
  if (bytes.size() > left)
    fail(ErrorCode::kBadArgument, file_.path(), ": too many bytes for ",
         current_ < tensors_.size() ? "tensor " + quoted(tensors_[current_].spec.name)
                                    : "all tensors",
         ", got ", bytes.size(), ", need at most ", left);
  file_.write(bytes);
  current_bytes_ += bytes.size();
  if (current_bytes_ < tensors_[current_].n_bytes) return;
  pad();
  ++current_;
  current_bytes_ = 0;
}

void GgufWriter::flush() {
  if (!is_complete())
    fail(ErrorCode::kBadArgument, file_.path(), ": cannot be finished, got the data of ", current_,
         " tensors, need ", tensors_.size());
  file_.flush();
}

void GgufWriter::finish() {
  flush();
  file_.commit();
}

template void GgufWriter::add_number(std::string_view, std::uint8_t);
template void GgufWriter::add_number(std::string_view, std::int8_t);
template void GgufWriter::add_number(std::string_view, std::uint16_t);
template void GgufWriter::add_number(std::string_view, std::int16_t);
template void GgufWriter::add_number(std::string_view, std::uint32_t);
template void GgufWriter::add_number(std::string_view, std::int32_t);
template void GgufWriter::add_number(std::string_view, std::uint64_t);
template void GgufWriter::add_number(std::string_view, std::int64_t);
template void GgufWriter::add_number(std::string_view, float);
template void GgufWriter::add_number(std::string_view, double);
template void GgufWriter::add_numbers(std::string_view, std::span<const std::uint8_t>);
template void GgufWriter::add_numbers(std::string_view, std::span<const std::int8_t>);
template void GgufWriter::add_numbers(std::string_view, std::span<const std::uint16_t>);
template void GgufWriter::add_numbers(std::string_view, std::span<const std::int16_t>);
template void GgufWriter::add_numbers(std::string_view, std::span<const std::uint32_t>);
template void GgufWriter::add_numbers(std::string_view, std::span<const std::int32_t>);
template void GgufWriter::add_numbers(std::string_view, std::span<const std::uint64_t>);
template void GgufWriter::add_numbers(std::string_view, std::span<const std::int64_t>);
template void GgufWriter::add_numbers(std::string_view, std::span<const float>);
template void GgufWriter::add_numbers(std::string_view, std::span<const double>);

}  // namespace wick
