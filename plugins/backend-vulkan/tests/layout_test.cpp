// How weights are laid out and packed: bytes, planes, refusals. What shaders make of it is tested
// by the conformance kit.
#include "layout.h"

#include "conformance/storage_classes.h"
#include "conformance/weight_data.h"
#include "pack.h"

#include <gtest/gtest.h>

#include <cstring>

namespace wick::vulkan {
namespace {

using conformance::StorageEntry;
using conformance::WeightData;

wick_weight_desc describe(const StorageEntry& entry, std::uint64_t n_rows, std::uint64_t n_cols) {
  auto desc = sdk::make<wick_weight_desc>();
  desc.use = WICK_USE_MATMUL;
  desc.name = sdk::to_str("w");
  desc.n_rows = n_rows;
  desc.n_cols = n_cols;
  desc.storage = entry.pointer();
  desc.plain_type = entry.plain_type;
  return desc;
}

std::uint32_t word(const std::vector<std::uint8_t>& bytes, std::uint64_t index) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + index * 4, sizeof value);
  return value;
}

/// As quad_codes() of shaders/weight.glsl.
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

class EveryClass : public ::testing::TestWithParam<StorageEntry> {};

TEST_P(EveryClass, KeepsItsCodes) {
  const std::uint64_t n_cols = GetParam().super_values() * 3;
  conformance::Random random(7);
  WeightData data = conformance::random_weight(GetParam().storage, 5, n_cols, random);
  const Layout layout = make_layout(describe(GetParam(), 5, n_cols));
  std::vector<std::uint8_t> bytes(layout.total_bytes, 0);
  RowPlanes planes{};
  for (std::size_t i = 0; i < kPlanes; ++i) planes[i] = bytes.data() + layout.planes[i].offset;
  const wick_unpacked tile = data.tile();
  pack_tile(layout, tile, 0, planes);
  for (std::uint64_t row = 0; row < 5; ++row)
    for (std::uint64_t col = 0; col < n_cols; ++col)
      ASSERT_EQ(code_of(layout, bytes, row, col), data.codes[row * n_cols + col])
          << "row " << row << " column " << col;
}

/// Codes, scales and mins of the class itself, but for a second level of less than 8 bits, which
/// takes a byte: Q2_K, whose levels are 4 bits of 16 values, grows most, from 2.6 to 3.1 bits.
TEST_P(EveryClass, IsHardlyLargerThanItsBits) {
  const wick_storage_class& s = GetParam().storage;
  const std::uint64_t n_cols = std::uint64_t{s.super_values} * 32;
  const Layout layout = make_layout(describe(GetParam(), 64, n_cols));
  const double scale_bits = s.scale_type == WICK_SCALE_F32   ? 32
                            : s.scale_type == WICK_SCALE_F16 ? 16
                                                             : 8;
  const double bits =
      s.code_bits + scale_bits * (1 + s.has_min) / s.super_values +
      ((s.sub_scale_bits > 0 ? 8.0 : 0.0) + (s.sub_min_bits > 0 ? 8.0 : 0.0)) / s.group_values;
  EXPECT_LE(static_cast<double>(layout.total_bytes),
            bits / 8 * 64 * static_cast<double>(n_cols) * 1.05 + 2048);
}

std::vector<StorageEntry> packed_classes() {
  std::vector<StorageEntry> all = conformance::gguf_classes();
  for (const auto& list : {conformance::blockwise_classes(), conformance::strange_classes()})
    all.insert(all.end(), list.begin(), list.end());
  return all;
}
INSTANTIATE_TEST_SUITE_P(Layout, EveryClass, ::testing::ValuesIn(packed_classes()),
                         [](const auto& tested) { return tested.param.name; });

TEST(Layout, RefusesRowsOfHalfAGroup) {
  const StorageEntry entry = conformance::gguf_classes().front();
  EXPECT_THROW(make_layout(describe(entry, 4, 48)), Error);
  EXPECT_THROW(make_layout(describe(entry, 0, 32)), Error);
  EXPECT_THROW(make_layout(describe(entry, std::uint64_t{1} << 60, 32)), Error);
}

TEST(Layout, MultipliesASecondLevelThatFitsNoByte) {
  StorageEntry entry = conformance::gguf_classes()[7];  // two levels with mins
  entry.storage.sub_scale_bits = 12;
  const Layout layout = make_layout(describe(entry, 1, 256));
  ASSERT_TRUE(layout.is_flattened);
  std::vector<std::uint8_t> bytes(layout.total_bytes, 0), codes(256, 1);
  std::vector<float> scales{0.5f}, mins{0.25f};
  std::vector<std::int16_t> subs(8, 1000), sub_mins(8, 3);
  auto tile = sdk::make<wick_unpacked>();
  tile.n_rows = 1, tile.n_cols = 256;
  tile.codes = codes.data(), tile.scales = scales.data(), tile.mins = mins.data();
  tile.sub_scales = subs.data(), tile.sub_mins = sub_mins.data();
  RowPlanes planes{};
  for (std::size_t i = 0; i < kPlanes; ++i) planes[i] = bytes.data() + layout.planes[i].offset;
  pack_tile(layout, tile, 0, planes);
  float pair[2];
  std::memcpy(pair, bytes.data() + layout.planes[kScales].offset + 7 * sizeof pair, sizeof pair);
  EXPECT_EQ(pair[0], 500.0f);
  EXPECT_EQ(pair[1], 0.75f);
}

}  // namespace
}  // namespace wick::vulkan
