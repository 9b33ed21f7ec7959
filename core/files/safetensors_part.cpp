// Parses one safetensors file: a 64-bit length, a JSON header of that length, then the tensors'
// bytes.
#include "files/safetensors_part.h"

#include <wick/error.h>

#include <boost/json/value.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>

#include "files/byte_cursor.h"
#include "files/json_file.h"
#include "files/quoted.h"

namespace wick {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the limit of the format's own library
constexpr std::uint64_t kMaxIndexBytes = 100'000'000;
constexpr std::size_t kMaxDims = 64;

struct DtypeRow {
  std::string_view name;
  std::uint64_t n_bits;
};

constexpr DtypeRow kDtypes[] = {
    {"F64", 64},    {"F32", 32},    {"F16", 16},    {"BF16", 16},   {"F8_E4M3", 8},
    {"F8_E5M2", 8}, {"F8_E8M0", 8}, {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"F4", 4},
    {"I64", 64},    {"I32", 32},    {"I16", 16},    {"I8", 8},      {"U64", 64},
    {"U32", 32},    {"U16", 16},    {"U8", 8},      {"BOOL", 8},    {"C64", 64},
};

class PartParser {
 public:
  explicit PartParser(const MappedFile& file) : file_(file) {}
  SafetensorsPart parse();

 private:
  template <class... Parts>
  [[noreturn]] void bad(const Parts&... parts) const {
    fail(ErrorCode::kBadFile, file_.path(), ": ", parts...);
  }
  template <class... Parts>
  [[noreturn]] void bad_tensor(const SafeTensor& tensor, const Parts&... parts) const {
    bad("tensor ", quoted(tensor.name), ": ", parts...);
  }

  std::vector<std::uint64_t> numbers(const SafeTensor& tensor, const json::object& entry,
                                     const char* key) const;
  void parse_tensor(std::string_view name, const json::object& entry);
  void set_extent(SafeTensor& tensor, const std::vector<std::uint64_t>& offsets) const;
  void parse_metadata(const json::value& value);
  void check_extents();

  const MappedFile& file_;
  std::uint64_t data_start_ = 0;
  SafetensorsPart part_;
};

SafetensorsPart PartParser::parse() {
  ByteCursor cursor(file_.path(), file_.bytes());
  const auto length = cursor.read<std::uint64_t>("the header's length");
  if (length > kMaxHeaderBytes || length > cursor.left())
    bad("is not a safetensors file or is cut, got a header of ", length, " bytes, need at most ",
        std::min(kMaxHeaderBytes, cursor.left()));
  const auto header = cursor.take(length, "the header");
  data_start_ = cursor.position();
  const json::object root = parse_json_object(
      {reinterpret_cast<const char*>(header.data()), header.size()}, file_.path());
  for (const auto& [key, value] : root) {
    if (key == "__metadata__")
      parse_metadata(value);
    else if (value.is_object())
      parse_tensor({key.data(), key.size()}, value.get_object());
    else
      bad("tensor ", quoted({key.data(), key.size()}), ": its entry is no JSON object, need one");
  }
  check_extents();
  return std::move(part_);
}

void PartParser::parse_metadata(const json::value& value) {
  if (!value.is_object()) bad("'__metadata__' is no JSON object, need one");
  for (const auto& [key, text] : value.get_object()) {
    if (!text.is_string()) bad("'__metadata__' holds a value that is no text, need text");
    part_.metadata[std::string(key)] = std::string(text.get_string());
  }
}

std::vector<std::uint64_t> PartParser::numbers(const SafeTensor& tensor, const json::object& entry,
                                               const char* key) const {
  const json::value* list = entry.if_contains(key);
  if (list == nullptr || !list->is_array())
    bad_tensor(tensor, "'", key, "' is not there or no list, need a list of integers");
  std::vector<std::uint64_t> result;
  for (const json::value& item : list->get_array()) {
    const bool is_signed = item.is_int64() && item.get_int64() >= 0;
    if (!is_signed && !item.is_uint64())
      bad_tensor(tensor, "'", key, "' holds something else than an integer of 0 or more");
    result.push_back(is_signed ? static_cast<std::uint64_t>(item.get_int64()) : item.get_uint64());
  }
  return result;
}

void PartParser::parse_tensor(std::string_view name, const json::object& entry) {
  SafeTensor tensor;
  tensor.name = name;
  const json::value* dtype = entry.if_contains("dtype");
  if (dtype == nullptr || !dtype->is_string())
    bad_tensor(tensor, "'dtype' is not there or no text, need a type's name");
  tensor.dtype = std::string(dtype->get_string());
  tensor.shape = numbers(tensor, entry, "shape");
  if (tensor.shape.size() > kMaxDims)
    bad_tensor(tensor, "has too many dimensions, got ", tensor.shape.size(), ", need at most ",
               kMaxDims);
  tensor.n_values = 1;
  for (const std::uint64_t size : tensor.shape)
    if (__builtin_mul_overflow(tensor.n_values, size, &tensor.n_values))
      bad_tensor(tensor, "its shape overflows at ", size, ", need a product below 2^64");
  set_extent(tensor, numbers(tensor, entry, "data_offsets"));
  part_.tensors.push_back(std::move(tensor));
}

void PartParser::set_extent(SafeTensor& tensor, const std::vector<std::uint64_t>& offsets) const {
  const std::uint64_t space = file_.size() - data_start_;
  if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > space)
    bad_tensor(tensor, "'data_offsets' lie outside the file, need a start and an end within its ",
               space, " bytes of data");
  const auto row = std::find_if(std::begin(kDtypes), std::end(kDtypes),
                                [&](const DtypeRow& type) { return type.name == tensor.dtype; });
  if (row == std::end(kDtypes))
    bad_tensor(tensor, "has an unknown dtype, got ", quoted(tensor.dtype));
  const std::uint64_t n_bytes = offsets[1] - offsets[0];
  std::uint64_t n_bits = 0;
  if (__builtin_mul_overflow(tensor.n_values, row->n_bits, &n_bits) || n_bits % 8 != 0 ||
      n_bits / 8 != n_bytes)
    bad_tensor(tensor, "its size does not agree with its shape, got ", n_bytes, " bytes for ",
               tensor.n_values, " values of ", row->n_bits, " bits");
  tensor.offset = data_start_ + offsets[0];
  tensor.data = file_.bytes().subspan(static_cast<std::size_t>(tensor.offset),
                                      static_cast<std::size_t>(n_bytes));
}

void PartParser::check_extents() {
  auto& tensors = part_.tensors;
  std::sort(tensors.begin(), tensors.end(), [](const SafeTensor& a, const SafeTensor& b) {
    return a.offset != b.offset ? a.offset < b.offset : a.data.size() < b.data.size();
  });
  std::uint64_t end = data_start_;
  for (const SafeTensor& tensor : tensors) {
    if (tensor.offset != end)
      bad_tensor(tensor,
                 tensor.offset < end ? "overlaps the one before it" : "leaves a gap before it",
                 ", got offset ", tensor.offset - data_start_, ", need ", end - data_start_);
    end += tensor.data.size();
  }
  if (end != file_.size())
    bad("has bytes behind its last tensor, got a file of ", file_.size(), " bytes, need ", end);
}

}  // namespace

SafetensorsPart parse_safetensors_part(const MappedFile& file) {
  return PartParser(file).parse();
}

namespace {

/// A file elsewhere is nobody's to read just because a downloaded index says so; and a name goes
/// into sentences, which a terminal obeys if it has control characters.
bool is_file_name(const std::string& name) {
  const bool is_plain = std::none_of(name.begin(), name.end(), [](char c) {
    return c == '/' || c == '\x7f' || static_cast<unsigned char>(c) < ' ';
  });
  return is_plain && !name.empty() && name != "." && name != "..";
}

}  // namespace

std::map<std::string, std::string> parse_safetensors_index(const std::string& path) {
  const json::object root = read_json_object(path, kMaxIndexBytes);
  const json::value* list = root.if_contains("weight_map");
  if (list == nullptr || !list->is_object())
    fail(ErrorCode::kBadFile, path,
         ": 'weight_map' is not there or no object, need one that names a file for each tensor");
  std::map<std::string, std::string> result;
  for (const auto& [name, value] : list->get_object()) {
    const std::string part = value.is_string() ? std::string(value.get_string()) : std::string();
    if (!is_file_name(part))
      fail(ErrorCode::kBadFile, path, ": tensor ", quoted({name.data(), name.size()}), ": lies in ",
           quoted(part), ", need the name of a file in the same folder");
    result[std::string(name)] = part;
  }
  return result;
}

}  // namespace wick
