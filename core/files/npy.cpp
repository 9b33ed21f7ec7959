// NumPy's .npy files of float32 matrices.
#include "files/npy.h"

#include <wick/error.h>

#include <cstring>
#include <limits>
#include <string_view>

#include "base/mapped_file.h"
#include "files/byte_cursor.h"
#include "files/quoted.h"

namespace wick {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kAlignment = 64;  // NumPy's own, so that the values can be mapped

// Version 1.0: magic, two version bytes, a 16-bit length, then a Python dictionary padded with
// blanks, and a newline.
std::string npy_head(std::uint64_t n_rows, std::uint64_t n_cols) {
  std::string dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (" +
                           std::to_string(n_rows) + ", " + std::to_string(n_cols) + "), }";
  const std::size_t before = kMagic.size() + 4;
  const std::size_t total =
      (before + dictionary.size() + 1 + kAlignment - 1) / kAlignment * kAlignment;
  dictionary.append(total - before - dictionary.size() - 1, ' ');
  dictionary += '\n';
  std::string head(kMagic);
  head += '\x01';
  head += '\x00';
  head += static_cast<char>(dictionary.size() & 0xff);
  head += static_cast<char>(dictionary.size() >> 8);
  return head + dictionary;
}

std::uint64_t count_values(const std::string& path, std::uint64_t n_rows, std::uint64_t n_cols,
                           ErrorCode code) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max() / sizeof(float);
  if (n_cols == 0 || n_rows > kMost / n_cols)
    fail(code, path, ": cannot hold such an array, got ", n_rows, " by ", n_cols,
         ", need 1 column or more and below 2^63 bytes");
  return n_rows * n_cols;
}

// What follows `key` in the dictionary, blanks skipped.
std::string_view entry(const std::string& path, std::string_view dictionary, std::string_view key) {
  const auto found = dictionary.find(key);
  if (found == std::string_view::npos)
    fail(ErrorCode::kBadFile, path, ": the array's header has no entry ", key);
  const auto value = dictionary.find_first_not_of(" :", found + key.size());
  return value == std::string_view::npos ? std::string_view() : dictionary.substr(value);
}

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

// `(3, 4)` or `(4,)`, as rows and columns.
void parse_shape(const std::string& path, std::string_view text, NpyMatrix& matrix) {
  std::vector<std::uint64_t> sizes;
  std::uint64_t number = 0;
  bool in_number = false;
  for (const char letter : text.substr(0, text.find(')'))) {
    const bool is_digit = letter >= '0' && letter <= '9';
    if (is_digit) number = number * 10 + static_cast<std::uint64_t>(letter - '0');
    if (number > std::numeric_limits<std::uint64_t>::max() / 16)
      fail(ErrorCode::kBadFile, path, ": the array's shape overflows, need below 2^60");
    if (!is_digit && in_number) {
      sizes.push_back(number);
      number = 0;
    }
    in_number = is_digit;
  }
  if (in_number) sizes.push_back(number);
  if (sizes.empty() || sizes.size() > 2)
    fail(ErrorCode::kBadFile, path, ": the array has a wrong number of dimensions, got ",
         sizes.size(), ", need 1 or 2");
  matrix.n_rows = sizes.size() == 2 ? sizes[0] : 1;
  matrix.n_cols = sizes.back();
}

}  // namespace

NpyWriter::NpyWriter(const std::string& path, std::uint64_t n_rows, std::uint64_t n_cols)
    : file_(path),
      n_cols_(n_cols),
      n_values_left_(count_values(path, n_rows, n_cols, ErrorCode::kBadArgument)) {
  file_.write(npy_head(n_rows, n_cols));
}

void NpyWriter::write(std::span<const float> values) {
  if (values.size() % n_cols_ != 0 || values.size() > n_values_left_)
    fail(ErrorCode::kBadArgument, file_.path(), ": wrong number of values, got ", values.size(),
         ", need a multiple of ", n_cols_, " and at most ", n_values_left_);
  file_.write(std::as_bytes(values));
  n_values_left_ -= values.size();
}

void NpyWriter::finish() {
  if (n_values_left_ != 0)
    fail(ErrorCode::kBadArgument, file_.path(), ": cannot be finished, ", n_values_left_,
         " values are missing");
  file_.commit();
}

NpyMatrix read_npy(const std::string& path) {
  const MappedFile file = MappedFile::open(path);
  ByteCursor cursor(path, file.bytes());
  const auto magic = cursor.take(kMagic.size(), "the magic number");
  if (std::memcmp(magic.data(), kMagic.data(), kMagic.size()) != 0)
    fail(ErrorCode::kBadFile, path, ": is not a .npy file");
  const auto major = cursor.read<std::uint8_t>("the version");
  cursor.read<std::uint8_t>("the version");
  if (major < 1 || major > 3)
    fail(ErrorCode::kBadFile, path, ": has a version that cannot be read, got ", +major,
         ", need 1 to 3");
  const std::uint64_t length = major == 1 ? cursor.read<std::uint16_t>("the header's length")
                                          : cursor.read<std::uint32_t>("the header's length");
  const auto header = cursor.take(length, "the header");
  const std::string_view dictionary(reinterpret_cast<const char*>(header.data()), header.size());
  const std::string_view dtype = entry(path, dictionary, "'descr'");
  if (!starts_with(dtype, "'<f4'"))
    fail(ErrorCode::kBadFile, path, ": has another element type, got ", quoted(dtype.substr(0, 8)),
         ", need '<f4'");
  if (!starts_with(entry(path, dictionary, "'fortran_order'"), "False"))
    fail(ErrorCode::kBadFile, path, ": is stored column by column, need C order");
  NpyMatrix matrix;
  parse_shape(path, entry(path, dictionary, "'shape'"), matrix);
  const std::uint64_t n_values =
      count_values(path, matrix.n_rows, matrix.n_cols, ErrorCode::kBadFile);
  const auto values = cursor.take(n_values * sizeof(float), "the values");
  matrix.values.resize(static_cast<std::size_t>(n_values));
  std::memcpy(matrix.values.data(), values.data(), values.size());
  return matrix;
}

}  // namespace wick
