// The packed layout: no larger than the file, and every value comes back.
#include "conformance/storage_classes.h"
#include "conformance/weight_data.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "weight.h"

namespace wick::cpu {
namespace {

using conformance::StorageEntry;
using conformance::WeightData;

wick_weight_desc describe(const StorageEntry& entry, std::uint64_t n_rows, std::uint64_t n_cols) {
  auto desc = sdk::make<wick_weight_desc>();
  desc.use = WICK_USE_MATMUL | WICK_USE_EMBED;
  desc.n_rows = n_rows;
  desc.n_cols = n_cols;
  desc.storage = entry.pointer();
  desc.plain_type = entry.plain_type;
  return desc;
}

/// Bits a value in a GGUF file, in the order of gguf_classes(): block bytes * 8 / block values. The
/// classes behind these are widened ones, which no file holds.
constexpr double kFileBits[] = {
    18 * 8 / 32.0,    // Q4_0
    20 * 8 / 32.0,    // Q4_1
    22 * 8 / 32.0,    // Q5_0
    24 * 8 / 32.0,    // Q5_1
    34 * 8 / 32.0,    // Q8_0
    84 * 8 / 256.0,   // Q2_K
    110 * 8 / 256.0,  // Q3_K
    144 * 8 / 256.0,  // Q4_K
    176 * 8 / 256.0,  // Q5_K
    210 * 8 / 256.0,  // Q6_K
    18 * 8 / 32.0,    // IQ4_NL
    136 * 8 / 256.0,  // IQ4_XS
    17 * 8 / 32.0,    // MXFP4
    66 * 8 / 256.0,   // TQ2_0
};

TEST(Layout, IsAtMostFourPercentLargerThanTheFile) {
  const std::vector<StorageEntry> classes = conformance::gguf_classes();
  for (std::size_t i = 0; i < std::size(kFileBits); ++i) {
    const Layout layout = make_layout(describe(classes[i], 512, 2048));
    EXPECT_EQ(layout.element, Element::kPacked) << classes[i].name;
    const double ratio =
        static_cast<double>(layout.total_bytes) * 8 / (512.0 * 2048 * kFileBits[i]);
    EXPECT_LE(ratio, 1.04) << classes[i].name;
  }
  for (const StorageEntry& entry : conformance::plain_types()) {
    const std::uint64_t element = entry.plain_type == WICK_TYPE_F32 ? 4 : 2;
    EXPECT_EQ(make_layout(describe(entry, 512, 2048)).total_bytes, 512 * 2048 * element);
  }
}

TEST(Layout, HasIntegersForEveryClassOfToday) {
  for (const StorageEntry& entry : conformance::gguf_classes())
    EXPECT_TRUE(make_layout(describe(entry, 16, 256)).is_integer) << entry.name;
}

TEST(Layout, FindsIntegersOfATableOfHalves) {
  const float halves[4] = {-1.5f, -0.5f, 0.0f, 6.0f};
  StorageEntry entry = conformance::gguf_classes()[0];
  entry.storage.code_bits = 2;
  entry.storage.zero_point = 0;
  entry.storage.table = halves;
  const Layout layout = make_layout(describe(entry, 16, 32));
  EXPECT_TRUE(layout.is_integer);
  EXPECT_EQ(layout.packed.integer_scale, 0.5f);
  EXPECT_EQ(layout.integers[3], 12);
}

TEST(Layout, RefusesARowThatIsNoWholeNumberOfSupers) {
  EXPECT_THROW(make_layout(describe(conformance::gguf_classes()[0], 16, 40)), Error);
}

TEST(Layout, RefusesAWeightBeyondAllMeasure) {
  EXPECT_THROW(make_layout(describe(conformance::plain_types()[0], std::uint64_t{1} << 40, 64)),
               Error);
}

/// Puts tile after tile of rows, each in two parts of columns, as a host may.
void put(Weight& weight, const WeightData& data) {
  const std::uint64_t border = data.storage.super_values;
  for (std::uint64_t row = 0; row < data.n_rows; row += 16) {
    const std::uint64_t n = std::min<std::uint64_t>(16, data.n_rows - row);
    WeightData left = data.part(row, n, 0, border);
    WeightData right = data.part(row, n, border, data.n_cols - border);
    weight.put(row, 0, left.tile());
    weight.put(row, border, right.tile());
  }
}

TEST(Weight, GivesBackEveryValueOfEveryClass) {
  std::vector<StorageEntry> all = conformance::gguf_classes();
  for (const auto& list : {conformance::blockwise_classes(), conformance::strange_classes()})
    all.insert(all.end(), list.begin(), list.end());
  StorageEntry tiny = all[0];
  tiny.storage.group_values = tiny.storage.super_values = 16;
  tiny.name = "u4g16";
  all.push_back(tiny);
  for (const StorageEntry& entry : all) {
    conformance::Random random(7);
    const std::uint64_t n_cols = std::uint64_t{entry.storage.super_values} * 3;
    const WeightData data = conformance::random_weight(entry.storage, 37, n_cols, random);
    const reference::Matrix want = data.values();
    Weight weight(describe(entry, 37, n_cols));
    put(weight, data);
    std::vector<float> row(n_cols);
    for (std::uint64_t r = 0; r < 37; ++r) {
      weight.read_row(r, row.data());
      for (std::uint64_t c = 0; c < n_cols; ++c)
        ASSERT_EQ(static_cast<double>(row[c]), want.row(r)[c])
            << entry.name << " " << r << " " << c;
    }
  }
}

TEST(Weight, KeepsEveryBitOfPlainRows) {
  for (const StorageEntry& entry : conformance::plain_types()) {
    reference::Matrix values(19, 35);
    for (std::size_t i = 0; i < values.values.size(); ++i)
      values.values[i] = (static_cast<double>(i) - 300) / 64;
    const WeightData data = conformance::plain_weight(entry.plain_type, values, WICK_USE_MATMUL);
    const reference::Matrix want = data.values();
    Weight weight(describe(entry, 19, 35));
    weight.put_plain(0, 19, data.plain.data());
    std::vector<float> row(35);
    for (std::uint64_t r = 0; r < 19; ++r) {
      weight.read_row(r, row.data());
      for (std::size_t c = 0; c < 35; ++c) EXPECT_EQ(static_cast<double>(row[c]), want.row(r)[c]);
    }
  }
}

TEST(Weight, RefusesRowsThatAreNotThere) {
  const StorageEntry entry = conformance::gguf_classes()[0];
  conformance::Random random(1);
  WeightData data = conformance::random_weight(entry.storage, 16, 64, random);
  Weight weight(describe(entry, 16, 64));
  EXPECT_THROW(weight.put(16, 0, data.tile()), Error);
  EXPECT_THROW(weight.put(0, 32, data.tile()), Error);
  EXPECT_THROW(weight.put_plain(0, 16, data.codes.data()), Error);
  data.scales.clear();
  wick_unpacked tile = data.tile();
  tile.scales = nullptr;
  EXPECT_THROW(weight.put(0, 0, tile), Error);
}

}  // namespace
}  // namespace wick::cpu
