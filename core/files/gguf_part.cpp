// Parses one GGUF file up to its tensor data. No count is believed before the bytes that it implies
// are seen to be there.
#include "files/gguf_part.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <numeric>
#include <string>

#include "files/byte_cursor.h"
#include "files/quoted.h"

namespace wick {
namespace {

static_assert(std::endian::native == std::endian::little, "GGUF is read as it lies in memory");

constexpr std::uint32_t kOldestVersion = 2;
constexpr std::uint32_t kNewestVersion = 3;
constexpr std::uint64_t kMaxKeyBytes = 65535;  // the format's own limit; names get the same
constexpr std::uint64_t kMaxEntries =
    1 << 20;  // far above any model; keeps the sorting of a hostile file short
constexpr std::uint64_t kDefaultAlignment = 32;
constexpr std::uint64_t kMaxAlignment = 1 << 24;
// The least that an entry can take: a one-letter key and a one-byte value; a one-letter name and
// one dimension.
constexpr std::uint64_t kMinValueBytes = 8 + 1 + 4 + 1;
constexpr std::uint64_t kMinTensorBytes = 8 + 1 + 4 + 8 + 4 + 8;

class PartParser {
 public:
  explicit PartParser(const MappedFile& file) : path_(file.path()), cursor_(path_, file.bytes()) {}

  GgufPart parse() {
    parse_magic();
    const auto n_tensors = cursor_.read<std::uint64_t>("the number of tensors");
    const auto n_values = cursor_.read<std::uint64_t>("the number of metadata values");
    check_count(n_values, kMinValueBytes, "metadata values");
    check_count(n_tensors, kMinTensorBytes, "tensors");
    while (part_.metadata.size() < n_values) part_.metadata.push_back(parse_value());
    sort_keys();
    while (part_.tensors.size() < n_tensors) part_.tensors.push_back(parse_tensor());
    find_data();
    return std::move(part_);
  }

 private:
  template <class... Parts>
  [[noreturn]] void bad(const Parts&... parts) const {
    fail(ErrorCode::kBadFile, path_, ": ", parts...);
  }

  void parse_magic();
  void check_count(std::uint64_t count, std::uint64_t least_bytes, const char* what) const;
  GgufType parse_type(const GgufValue& value);
  GgufValue parse_value();
  void parse_content(GgufValue& value);
  void parse_array(GgufValue& value);
  void check_bools(const GgufValue& value) const;
  void sort_keys();
  GgufTensorEntry parse_tensor();
  void parse_dims(GgufTensorEntry& tensor);
  void find_data();

  const std::string& path_;
  ByteCursor cursor_;
  GgufPart part_;
};

void PartParser::parse_magic() {
  const auto magic = cursor_.take(4, "the magic number");
  if (std::memcmp(magic.data(), "GGUF", 4) != 0)
    bad("is not a GGUF file, got the first bytes ",
        quoted({reinterpret_cast<const char*>(magic.data()), magic.size()}), ", need 'GGUF'");
  part_.version = cursor_.read<std::uint32_t>("the version");
  const std::uint32_t swapped = __builtin_bswap32(part_.version);
  if (swapped >= 1 && swapped <= kNewestVersion)
    bad("is a big-endian GGUF file of version ", swapped, ", need a little-endian one; convert it");
  if (part_.version < kOldestVersion || part_.version > kNewestVersion)
    bad("has a GGUF version that cannot be read, got ", part_.version, ", need ", kOldestVersion,
        " or ", kNewestVersion, "; convert the model again");
}

void PartParser::check_count(std::uint64_t count, std::uint64_t least_bytes,
                             const char* what) const {
  const std::uint64_t most = std::min(cursor_.left() / least_bytes, kMaxEntries);
  if (count > most)
    bad("claims more ", what, " than it can hold, got ", count, ", need at most ", most,
        "; it is cut or damaged, fetch it again");
}

GgufType PartParser::parse_type(const GgufValue& value) {
  const auto number = cursor_.read<std::uint32_t>("the type of a metadata value");
  if (number > static_cast<std::uint32_t>(GgufType::kF64))
    bad("key ", quoted(value.key), ": has an unknown value type, got ", number, ", need 0 to 12");
  return static_cast<GgufType>(number);
}

GgufValue PartParser::parse_value() {
  GgufValue value;
  value.key = cursor_.read_string("a metadata key");
  if (value.key.empty() || value.key.size() > kMaxKeyBytes)
    bad("a metadata key has a wrong length, got ", value.key.size(), " bytes, need 1 to ",
        kMaxKeyBytes);
  value.type = parse_type(value);
  parse_content(value);
  return value;
}

void PartParser::parse_content(GgufValue& value) {
  if (value.type == GgufType::kArray) return parse_array(value);
  if (value.type == GgufType::kString) {
    const std::string_view text = cursor_.read_string("a metadata string");
    value.bytes = std::as_bytes(std::span(text));
    return;
  }
  value.bytes = cursor_.take(gguf_type_bytes(value.type), "a metadata value");
  if (value.type == GgufType::kBool) check_bools(value);
}

void PartParser::parse_array(GgufValue& value) {
  value.element = parse_type(value);
  if (value.element == GgufType::kArray)
    bad("key ", quoted(value.key), ": is an array of arrays, need an array of plain values");
  value.count = cursor_.read<std::uint64_t>("the length of an array");
  const bool has_strings = value.element == GgufType::kString;
  const std::uint64_t least = has_strings ? sizeof(std::uint64_t) : gguf_type_bytes(value.element);
  if (value.count > cursor_.left() / least)
    bad("key ", quoted(value.key), ": is an array longer than the file, got ", value.count,
        " elements, need at most ", cursor_.left() / least);
  if (!has_strings) {
    value.bytes = cursor_.take(value.count * least, "an array");
    if (value.element == GgufType::kBool) check_bools(value);
    return;
  }
  const std::uint64_t start = cursor_.position();
  for (std::uint64_t i = 0; i < value.count; ++i) cursor_.read_string("a string of an array");
  value.bytes = cursor_.since(start);
}

void PartParser::check_bools(const GgufValue& value) const {
  for (const std::byte flag : value.bytes)
    if (flag > std::byte{1})
      bad("key ", quoted(value.key), ": holds a bool that is neither true nor false, got ",
          static_cast<unsigned>(flag), ", need 0 or 1");
}

void PartParser::sort_keys() {
  const auto key = [this](std::uint32_t index) { return part_.metadata[index].key; };
  auto& order = part_.keys_by_name;
  order.resize(part_.metadata.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return key(a) < key(b); });
  const auto twice = std::adjacent_find(order.begin(), order.end(),
                                        [&](auto a, auto b) { return key(a) == key(b); });
  if (twice != order.end())
    bad("key ", quoted(key(*twice)), ": is there twice, need each key once");
}

GgufTensorEntry PartParser::parse_tensor() {
  GgufTensorEntry tensor;
  tensor.name = cursor_.read_string("a tensor name");
  if (tensor.name.empty() || tensor.name.size() > kMaxKeyBytes)
    bad("a tensor name has a wrong length, got ", tensor.name.size(), " bytes, need 1 to ",
        kMaxKeyBytes);
  parse_dims(tensor);
  tensor.type_id = cursor_.read<std::uint32_t>("the type of a tensor");
  tensor.offset = cursor_.read<std::uint64_t>("the offset of a tensor");
  return tensor;
}

void PartParser::parse_dims(GgufTensorEntry& tensor) {
  tensor.n_dims = cursor_.read<std::uint32_t>("the number of dimensions of a tensor");
  if (tensor.n_dims < 1 || tensor.n_dims > tensor.dims.size())
    bad("tensor ", quoted(tensor.name), ": has a wrong number of dimensions, got ", tensor.n_dims,
        ", need 1 to ", tensor.dims.size());
  tensor.n_values = 1;
  for (std::uint32_t i = 0; i < tensor.n_dims; ++i) {
    const auto size = cursor_.read<std::uint64_t>("a dimension of a tensor");
    tensor.dims[i] = size;
    if (size == 0)
      bad("tensor ", quoted(tensor.name), ": dimension ", i, " is zero, need 1 or more");
    constexpr std::uint64_t kMostValues = std::numeric_limits<std::int64_t>::max();
    if (size > kMostValues / tensor.n_values)
      bad("tensor ", quoted(tensor.name), ": its dimensions overflow at number ", i, ", got ", size,
          ", need a product below 2^63");
    tensor.n_values *= size;
  }
}

void PartParser::find_data() {
  part_.alignment = kDefaultAlignment;
  if (const GgufValue* value = part_.find("general.alignment"))
    part_.alignment = with_path(path_, [&] { return value->as_u64(); });
  if (part_.alignment == 0 || part_.alignment % 8 != 0 || part_.alignment > kMaxAlignment)
    bad("key 'general.alignment': is not usable, got ", part_.alignment,
        ", need a multiple of 8 up to ", kMaxAlignment);
  // The position is at most the file's length, far from the end of 64 bits.
  part_.data_start = (cursor_.position() + part_.alignment - 1) / part_.alignment * part_.alignment;
}

}  // namespace

const GgufValue* find_value(std::span<const GgufValue> metadata,
                            std::span<const std::uint32_t> keys_by_name,
                            std::string_view key) noexcept {
  const auto found = std::lower_bound(
      keys_by_name.begin(), keys_by_name.end(), key,
      [&](std::uint32_t index, std::string_view wanted) { return metadata[index].key < wanted; });
  return found != keys_by_name.end() && metadata[*found].key == key ? &metadata[*found] : nullptr;
}

const GgufValue* GgufPart::find(std::string_view key) const noexcept {
  return find_value(metadata, keys_by_name, key);
}

GgufPart parse_gguf_part(const MappedFile& file) {
  return PartParser(file).parse();
}

}  // namespace wick
