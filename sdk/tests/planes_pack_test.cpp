// What lies in the planes of a layout, byte for byte. What a device makes of it is tested by the
// conformance kit.
#include <wick/sdk/planes_pack.h>

#include "conformance/weight_data.h"
#include "plane_classes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

namespace wick::sdk::planes {
namespace {

using conformance::WeightData;

std::uint32_t word(const std::vector<std::uint8_t>& bytes, std::uint64_t index) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + index * 4, sizeof value);
  return value;
}

/// As a kernel reads it.
std::uint32_t code_of(const Layout& l, const std::vector<std::uint8_t>& bytes, std::uint64_t row,
                      std::uint64_t col) {
  const std::uint64_t unit = row * l.n_units + col / kUnit, q = col % kUnit / 4;
  const std::uint32_t bits = l.packing.bits, low = bits >= 4 ? 4 : 0;
  const auto at = [&](PlaneIndex plane) { return l.planes[plane].offset / 4; };
  std::uint32_t four = 0;
  if (bits == 8) {
    four = word(bytes, at(kCodes) + unit * 8 + q);
  } else {
    const auto shift = static_cast<std::uint32_t>(q);
    if (low) four = word(bytes, at(kCodes) + unit * 4 + q / 2) >> (4 * (shift % 2)) & 0x0f0f0f0fu;
    if (bits & 2u)
      four |= (word(bytes, at(kCodes2) + unit * 2 + q / 4) >> (2 * (shift % 4)) & 0x03030303u)
              << low;
    if (bits & 1u)
      four |= (word(bytes, at(kCodes1) + unit) >> shift & 0x01010101u) << (low + (bits & 2u));
  }
  return four >> (8 * (col % 4)) & 0xffu;
}

RowPlanes planes_at(const Layout& layout, std::vector<std::uint8_t>& bytes, std::uint64_t row = 0) {
  RowPlanes planes{};
  for (std::size_t i = 0; i < kPlanes; ++i)
    planes[i] = bytes.data() + layout.planes[i].offset + row * layout.planes[i].row_bytes;
  return planes;
}

std::vector<std::uint8_t> packed(const Layout& layout, WeightData data) {
  std::vector<std::uint8_t> bytes(layout.total_bytes, 0);
  pack_tile(layout, data.tile(), 0, planes_at(layout, bytes));
  return bytes;
}

float peak_of_row(const Layout& layout, const std::vector<std::uint8_t>& bytes, std::uint64_t row) {
  float peak = 0;
  std::memcpy(&peak, bytes.data() + layout.planes[kPeaks].offset + row * sizeof peak, sizeof peak);
  return peak;
}

class EveryPackedClass : public ::testing::TestWithParam<StorageEntry> {};

TEST_P(EveryPackedClass, KeepsItsCodes) {
  const std::uint64_t n_cols = GetParam().super_values() * 3;
  conformance::Random random(7);
  const WeightData data = conformance::random_weight(GetParam().storage, 5, n_cols, random);
  const Layout layout = make_layout("some", describe(GetParam(), 5, n_cols));
  const std::vector<std::uint8_t> bytes = packed(layout, data);
  for (std::uint64_t row = 0; row < 5; ++row)
    for (std::uint64_t col = 0; col < n_cols; ++col)
      ASSERT_EQ(code_of(layout, bytes, row, col), data.codes[row * n_cols + col])
          << "row " << row << " column " << col;
}

/// The second level as a kernel reads it: a byte, and where the class begins.
TEST_P(EveryPackedClass, KeepsItsSecondLevel) {
  const std::uint64_t n_cols = GetParam().super_values() * 3;
  conformance::Random random(10);
  const WeightData data = conformance::random_weight(GetParam().storage, 5, n_cols, random);
  const Layout layout = make_layout("some", describe(GetParam(), 5, n_cols));
  const Packing& p = layout.packing;
  const std::vector<std::uint8_t> bytes = packed(layout, data);
  ASSERT_FALSE(layout.is_flattened);
  EXPECT_EQ(p.sub_scale != 0, !data.sub_scales.empty());
  EXPECT_EQ(p.sub_min != 0, !data.sub_mins.empty());
  const std::uint64_t n_groups = n_cols / p.group;
  for (std::uint64_t i = 0; i < 5 * n_groups; ++i) {
    const std::uint8_t* at = bytes.data() + layout.planes[kSubs].offset +
                             i / n_groups * layout.planes[kSubs].row_bytes +
                             i % n_groups * (p.sub_scale + p.sub_min);
    if (p.sub_scale) {
      EXPECT_EQ(*at++ + p.sub_scale_low, data.sub_scales[i]) << "group " << i;
    }
    if (p.sub_min) {
      EXPECT_EQ(*at + p.sub_min_low, data.sub_mins[i]) << "group " << i;
    }
  }
}

/// A super group at a time, the last first; rows from 2 before rows 0 and 1.
std::vector<std::uint8_t> packed_in_parts(const Layout& layout, const WeightData& data,
                                          std::uint64_t super) {
  std::vector<std::uint8_t> bytes(layout.total_bytes, 0);
  for (std::uint64_t col = data.n_cols; col > 0;) {
    col -= super;
    for (const std::uint64_t row : {std::uint64_t{2}, std::uint64_t{0}}) {
      WeightData part = data.part(row, row == 0 ? 2 : data.n_rows - 2, col, super);
      pack_tile(layout, part.tile(), col, planes_at(layout, bytes, row));
    }
  }
  return bytes;
}

TEST_P(EveryPackedClass, TakesTilesInAnyOrder) {
  const std::uint64_t super = GetParam().super_values(), n_cols = super * 3;
  conformance::Random random(8);
  const WeightData data = conformance::random_weight(GetParam().storage, 5, n_cols, random);
  const Layout layout = make_layout("some", describe(GetParam(), 5, n_cols));
  std::vector<std::uint8_t> whole = packed(layout, data),
                            parts = packed_in_parts(layout, data, super);
  // Peaks are bounds only: those of parts may be tighter.
  for (auto* bytes : {&whole, &parts})
    std::memset(bytes->data() + layout.planes[kPeaks].offset, 0, 5 * sizeof(float));
  EXPECT_EQ(parts, whole);
}

TEST_P(EveryPackedClass, BoundsTheValuesOfARow) {
  const std::uint64_t super = GetParam().super_values(), n_cols = super * 3;
  conformance::Random random(9);
  const WeightData data = conformance::random_weight(GetParam().storage, 4, n_cols, random);
  const Layout layout = make_layout("some", describe(GetParam(), 4, n_cols));
  const std::vector<std::uint8_t> whole = packed(layout, data),
                                  parts = packed_in_parts(layout, data, super);
  const reference::Matrix values = data.values();
  for (std::uint64_t row = 0; row < 4; ++row) {
    // The bound is rounded in another order than the value, five times at most.
    const double peak = static_cast<double>(peak_of_row(layout, parts, row)) * (1 + 0x1p-20);
    EXPECT_LE(peak_of_row(layout, parts, row), peak_of_row(layout, whole, row)) << "row " << row;
    for (std::uint64_t col = 0; col < n_cols; ++col)
      ASSERT_LE(std::fabs(values.row(row)[col]), peak) << "row " << row << " column " << col;
  }
}

INSTANTIATE_TEST_SUITE_P(Planes, EveryPackedClass, ::testing::ValuesIn(packed_classes()),
                         [](const auto& tested) { return tested.param.name; });

TEST(PackTile, MultipliesASecondLevelThatFitsNoByte) {
  StorageEntry entry = conformance::gguf_classes()[7];  // two levels with mins
  entry.storage.sub_scale_bits = 12;
  const Layout layout = make_layout("some", describe(entry, 1, 256));
  ASSERT_TRUE(layout.is_flattened);
  std::vector<std::uint8_t> bytes(layout.total_bytes, 0), codes(256, 1);
  std::vector<float> scales{0.5f}, mins{0.25f};
  std::vector<std::int16_t> subs(8, 1000), sub_mins(8, 3);
  auto tile = make<wick_unpacked>();
  tile.n_rows = 1, tile.n_cols = 256;
  tile.codes = codes.data(), tile.scales = scales.data(), tile.mins = mins.data();
  tile.sub_scales = subs.data(), tile.sub_mins = sub_mins.data();
  pack_tile(layout, tile, 0, planes_at(layout, bytes));
  float pair[2];
  std::memcpy(pair, bytes.data() + layout.planes[kScales].offset + 7 * sizeof pair, sizeof pair);
  EXPECT_EQ(pair[0], 500.0f);
  EXPECT_EQ(pair[1], 0.75f);
}

class EveryPlainType : public ::testing::TestWithParam<StorageEntry> {};

/// 33 columns, so that all but one of the second unit are padding.
TEST_P(EveryPlainType, KeepsItsRowsAndPadsThem) {
  reference::Matrix values(3, 33);
  for (std::uint64_t i = 0; i < values.values.size(); ++i)
    values.values[i] = (i % 2 == 0 ? -1.0 : 1.0) * static_cast<double>(i);
  const WeightData data = conformance::plain_weight(GetParam().plain_type, values, WICK_USE_MATMUL);
  const Layout layout = make_layout("some", describe(GetParam(), 3, 33));
  std::vector<std::uint8_t> bytes(layout.total_bytes, 0);
  pack_plain(layout, GetParam().plain_type, data.plain.data(), 3, planes_at(layout, bytes));
  const std::size_t value_bytes = GetParam().plain_type == WICK_TYPE_F32 ? 4 : 2;
  ASSERT_EQ(layout.planes[kCodes].row_bytes, 64 * value_bytes);
  for (std::uint64_t row = 0; row < 3; ++row) {
    std::vector<unsigned char> want(64 * value_bytes, 0);
    std::memcpy(want.data(), data.plain.data() + row * 33 * value_bytes, 33 * value_bytes);
    const std::uint8_t* got = bytes.data() + row * want.size();
    EXPECT_EQ(std::memcmp(got, want.data(), want.size()), 0) << "row " << row;
    EXPECT_EQ(peak_of_row(layout, bytes, row), static_cast<float>(row * 33 + 32));
  }
}

TEST_P(EveryPlainType, BecomesF32InAVector) {
  reference::Matrix values(1, 3);
  values.values = {0.5, -2.0, 96.0};
  const WeightData data = conformance::plain_weight(GetParam().plain_type, values, WICK_USE_VECTOR);
  wick_weight_desc desc = describe(GetParam(), 1, 3);
  desc.use = WICK_USE_VECTOR;
  const Layout layout = make_layout("some", desc);
  ASSERT_EQ(layout.total_bytes, 3 * sizeof(float));
  std::vector<std::uint8_t> bytes(layout.total_bytes, 0);
  pack_plain(layout, GetParam().plain_type, data.plain.data(), 1, planes_at(layout, bytes));
  const float want[3] = {0.5f, -2.0f, 96.0f};
  EXPECT_EQ(std::memcmp(bytes.data(), want, sizeof want), 0);
}

INSTANTIATE_TEST_SUITE_P(Planes, EveryPlainType, ::testing::ValuesIn(conformance::plain_types()),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace wick::sdk::planes
