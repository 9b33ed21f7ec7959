// Random blocks of every format: codes and scales give what decode gives, exactly.
#include "provider_checks.h"

#include "conformance/inputs.h"
#include "conformance/reference/weights.h"

#include <wick/abi/format.h>

#include <cmath>
#include <cstring>
#include <numeric>

namespace wick::check {
namespace {

using conformance::Random;
using Bytes = std::vector<unsigned char>;

/// Memory for a tile, with a canary behind each part.
struct TileMemory {
  std::vector<std::uint8_t> codes;
  std::vector<float> scales, mins;
  std::vector<std::int16_t> sub_scales, sub_mins;
};

class FormatUnderTest {
 public:
  explicit FormatUnderTest(const Registered& provider)
      : table_(*static_cast<const wick_format_v1*>(provider.provider.vtable)),
        self_(provider.provider.self) {}

  const wick_format_v1& table() const noexcept { return table_; }
  const wick_storage_class& storage() const noexcept { return *table_.storage; }
  /// The shortest row that both the blocks and the super groups divide.
  std::uint64_t row_values() const {
    return std::lcm<std::uint64_t>(table_.block_values, storage().super_values);
  }
  std::uint64_t bytes_of(std::uint64_t n_values) const {
    return n_values / table_.block_values * table_.block_bytes;
  }
  Bytes random_blocks(std::uint64_t n_bytes, Random& random) const {
    Bytes bytes(n_bytes);
    for (auto& byte : bytes) byte = static_cast<unsigned char>(random.bits() >> 17);
    return bytes;
  }
  std::vector<float> decode(const unsigned char* blocks, std::uint64_t n_values) const {
    std::vector<float> values(n_values);
    call_plugin(
        [&](wick_error* e) { return table_.decode(self_, blocks, n_values, values.data(), e); });
    return values;
  }
  Bytes encode(const std::vector<float>& values, const float* importance) const {
    Bytes blocks(bytes_of(values.size()));
    call_plugin([&](wick_error* e) {
      return table_.encode(self_, values.data(), importance, values.size(), blocks.data(), e);
    });
    return blocks;
  }
  /// `tile` gets its shape and memory; the memory must be as large.
  void unpack(const unsigned char* blocks, std::uint64_t row_bytes, wick_unpacked& tile) const {
    Skewed<wick_unpacked> mine("wick_unpacked", &tile);
    call_plugin(
        [&](wick_error* e) { return table_.unpack(self_, blocks, row_bytes, mine.get(), e); });
  }
  wick_unpacked tile_of(TileMemory& m, std::uint64_t n_rows, std::uint64_t n_cols) const {
    const wick_storage_class& s = storage();
    const std::uint64_t n = n_rows * n_cols;
    const auto fit = [](auto& list, std::uint64_t size, auto canary) {
      list.assign(size, canary);
      list.push_back(canary);
    };
    fit(m.codes, n, std::uint8_t{0xa5});
    fit(m.scales, n / s.super_values, 12345.5f);
    if (s.has_min) fit(m.mins, n / s.super_values, 12345.5f);
    if (s.sub_scale_bits) fit(m.sub_scales, n / s.group_values, std::int16_t{0x5aa5});
    if (s.sub_min_bits) fit(m.sub_mins, n / s.group_values, std::int16_t{0x5aa5});
    auto tile = sdk::make<wick_unpacked>();
    tile.n_rows = n_rows;
    tile.n_cols = n_cols;
    tile.codes = m.codes.data();
    tile.scales = m.scales.data();
    tile.mins = m.mins.empty() ? nullptr : m.mins.data();
    tile.sub_scales = m.sub_scales.empty() ? nullptr : m.sub_scales.data();
    tile.sub_mins = m.sub_mins.empty() ? nullptr : m.sub_mins.data();
    return tile;
  }
  void* self() const noexcept { return self_; }

 private:
  const wick_format_v1& table_;
  void* self_;
};

std::string check_class(const wick_storage_class& c) {
  if (c.code_bits < 1 || c.code_bits > 8)
    return "codes of " + std::to_string(c.code_bits) + " bits, need 1 to 8";
  if (c.group_values == 0 || c.group_values % 8 != 0 || c.super_values == 0 ||
      c.super_values % c.group_values != 0)
    return "groups of " + std::to_string(c.group_values) + " in " + std::to_string(c.super_values) +
           " values, need a multiple of 8 and a multiple of that";
  if (c.sub_scale_bits == 0 && c.group_values != c.super_values)
    return "one level of scales, and groups that are no super groups";
  if (c.table && c.zero_point != 0) return "a table, and a zero point";
  for (std::uint32_t i = 0; c.table && i < 1u << c.code_bits; ++i)
    if (!std::isfinite(c.table[i]))
      return "entry " + std::to_string(i) + " of its table is not finite";
  return "";
}

std::string check_parts(const wick_storage_class& c, const TileMemory& m) {
  for (std::size_t i = 0; i + 1 < m.codes.size(); ++i)
    if (m.codes[i] >> c.code_bits != 0 && c.code_bits < 8)
      return "code " + std::to_string(m.codes[i]) + " does not fit " + std::to_string(c.code_bits) +
             " bits";
  const auto in = [](const std::vector<std::int16_t>& subs, std::int32_t low, std::uint32_t bits) {
    for (std::size_t i = 0; i + 1 < subs.size(); ++i)
      if (subs[i] < low || subs[i] >= low + (1 << bits)) return false;
    return true;
  };
  if (!in(m.sub_scales, c.sub_scale_low, c.sub_scale_bits))
    return "a sub scale is out of its range";
  if (!in(m.sub_mins, c.sub_min_low, c.sub_min_bits)) return "a sub min is out of its range";
  const bool whole = m.codes.back() == 0xa5 && m.scales.back() == 12345.5f &&
                     (m.mins.empty() || m.mins.back() == 12345.5f) &&
                     (m.sub_scales.empty() || m.sub_scales.back() == 0x5aa5) &&
                     (m.sub_mins.empty() || m.sub_mins.back() == 0x5aa5);
  return whole ? "" : "unpack() writes behind the tile";
}

bool same_value(float a, float b) {
  return (std::isnan(a) && std::isnan(b)) || std::memcmp(&a, &b, sizeof a) == 0;
}

/// A tile of random blocks, rows with gaps, against decode row by row.
std::string check_tile(const FormatUnderTest& format, std::uint64_t n_rows, std::uint64_t n_parts,
                       std::uint64_t gap, Random& random) {
  const std::uint64_t n_cols = n_parts * format.row_values();
  const std::uint64_t row_bytes = format.bytes_of(n_cols) + gap;
  const Bytes blocks = format.random_blocks(n_rows * row_bytes, random);
  TileMemory memory;
  wick_unpacked tile = format.tile_of(memory, n_rows, n_cols);
  format.unpack(blocks.data(), row_bytes, tile);
  if (std::string wrong = check_parts(format.storage(), memory); !wrong.empty()) return wrong;
  for (std::uint64_t row = 0; row < n_rows; ++row) {
    const auto want = format.decode(blocks.data() + row * row_bytes, n_cols);
    for (std::uint64_t col = 0; col < n_cols; ++col) {
      const float got = reference::terms_of(format.storage(), tile, row, col).value();
      if (!same_value(got, want[col]))
        return "row " + std::to_string(row) + " column " + std::to_string(col) +
               ": unpack() gives " + std::to_string(got) + ", decode() " +
               std::to_string(want[col]);
    }
  }
  return "";
}

std::string check_tiles(const FormatUnderTest& format, Random& random, std::uint32_t n_repeats) {
  const std::uint64_t shapes[][3] = {{1, 1, 0}, {2, 1, 0}, {5, 3, 0}, {3, 2, 37}, {16, 4, 1}};
  for (std::uint32_t i = 0; i < n_repeats; ++i)
    for (const auto& shape : shapes)
      if (std::string wrong = check_tile(format, shape[0], shape[1], shape[2], random);
          !wrong.empty())
        return std::to_string(shape[0]) + " rows of " + std::to_string(shape[1]) +
               " parts: " + wrong;
  return "";
}

/// Mean square error of normal values, as a share of their own. A grid of 2^bits steps over 8 sigma
/// has (8 / 2^bits)^2 / 12 = 5.3 / 4^bits; twice that and more for scales that are rounded. Zeros
/// would have 1.
std::string check_encode(const FormatUnderTest& format, Random& random, std::string& right) {
  std::vector<float> values(16 * format.row_values());
  for (float& value : values) value = static_cast<float>(random.normal());
  const std::vector<float> importance(values.size(), 1.0f);
  const double limit = std::min(0.9, 12.0 / std::pow(4.0, format.storage().code_bits));
  for (const float* weights : {static_cast<const float*>(nullptr), importance.data()}) {
    const auto got = format.decode(format.encode(values, weights).data(), values.size());
    double error = 0, size = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      error += std::pow(static_cast<double>(got[i]) - static_cast<double>(values[i]), 2);
      size += std::pow(static_cast<double>(values[i]), 2);
    }
    if (!(error <= limit * size))
      return "encode() loses " + std::to_string(error / size) + " of normal values, need at most " +
             std::to_string(limit);
    right = "NMSE " + std::to_string(error / size);
  }
  const std::vector<float> zeros(format.row_values());
  for (const float value : format.decode(format.encode(zeros, nullptr).data(), zeros.size()))
    if (!(std::fabs(value) < 1e-6f)) return "zeros come back as " + std::to_string(value);
  return "";
}

}  // namespace

void format_numerics(const Registered& provider, Tally& quants, const Sender& sender) {
  const FormatUnderTest format(provider);
  const std::string subject = "quant " + provider.id;
  sender.begin(subject);
  ++quants.n_all;
  Random random(conformance::seed_of(provider.id));
  std::string wrong = check_class(format.storage()), right;
  if (sdk::to_view(format.table().name) != provider.id) wrong = "its table has another name";
  if (wrong.empty()) wrong = check_tiles(format, random, 40);
  if (wrong.empty() && format.table().encode) wrong = check_encode(format, random, right);
  if (wrong.empty()) ++quants.n_passed;
  sender.result(subject, wrong,
                "unpack is decode" + (right.empty() ? ", read-only" : "; encode: " + right));
}

void skew_format(const Registered& provider, const Sender& sender) {
  const std::string subject = "quant " + provider.id;
  sender.begin(subject);
  const FormatUnderTest format(provider);
  Random random(conformance::seed_of(provider.id));
  std::string wrong = check_tiles(format, random, 1), right;
  if (wrong.empty() && format.table().encode) wrong = check_encode(format, random, right);
  if (!breach().empty()) wrong = breach();
  sender.result(subject, wrong);
}

void format_errors(const Registered& provider, const Sender& sender) {
  const FormatUnderTest format(provider);
  Random random(1);
  const auto check = [&](const std::string& what, auto body) {
    const std::string subject = "quant " + provider.id + ", " + what;
    sender.begin(subject);
    sender.result(subject, need_refusal(body));
  };
  const std::uint64_t n = format.row_values();
  const Bytes blocks = format.random_blocks(2 * format.bytes_of(n), random);
  if (format.table().block_values > 1)
    check("part of a block",
          [&] { format.decode(blocks.data(), format.table().block_values - 1); });
  check("tile without memory", [&] {
    auto tile = sdk::make<wick_unpacked>();
    tile.n_rows = 1;
    tile.n_cols = n;
    format.unpack(blocks.data(), format.bytes_of(n), tile);
  });
  if (!format.table().encode) return;
  for (const float bad : {NAN, INFINITY})
    check(std::isnan(bad) ? "a NaN to encode" : "an infinity to encode", [&] {
      std::vector<float> values(n, 1.0f);
      values[n / 2] = bad;
      format.encode(values, nullptr);
    });
}

void use_format(const Registered& provider) {
  const FormatUnderTest format(provider);
  Random random(1);
  check_tile(format, 1, 1, 0, random);
  if (format.table().encode) format.encode(std::vector<float>(format.row_values(), 0.5f), nullptr);
}

}  // namespace wick::check
