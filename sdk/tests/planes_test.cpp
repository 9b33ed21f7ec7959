// How weights are laid out in planes: sizes, refusals.
#include <wick/sdk/planes.h>

#include "plane_classes.h"

#include <gtest/gtest.h>

#include <string>

namespace wick::sdk::planes {
namespace {

class EveryClass : public ::testing::TestWithParam<StorageEntry> {};

/// Codes, scales and mins of the class itself, but for a second level of less than 8 bits, which
/// takes a byte: Q2_K, whose levels are 4 bits of 16 values, grows most, from 2.6 to 3.1 bits.
TEST_P(EveryClass, IsHardlyLargerThanItsBits) {
  const wick_storage_class& s = GetParam().storage;
  const std::uint64_t n_cols = std::uint64_t{s.super_values} * 32;
  const Layout layout = make_layout("some", describe(GetParam(), 64, n_cols));
  const double scale_bits = s.scale_type == WICK_SCALE_F32   ? 32
                            : s.scale_type == WICK_SCALE_F16 ? 16
                                                             : 8;
  const double bits =
      s.code_bits + scale_bits * (1 + s.has_min) / s.super_values +
      ((s.sub_scale_bits > 0 ? 8.0 : 0.0) + (s.sub_min_bits > 0 ? 8.0 : 0.0)) / s.group_values;
  EXPECT_LE(static_cast<double>(layout.total_bytes),
            bits / 8 * 64 * static_cast<double>(n_cols) * 1.05 + 2048);
}

INSTANTIATE_TEST_SUITE_P(Planes, EveryClass, ::testing::ValuesIn(packed_classes()),
                         [](const auto& tested) { return tested.param.name; });

std::string refusal(const wick_weight_desc& desc) {
  try {
    make_layout("some", desc);
  } catch (const Error& e) {
    return e.code() == ErrorCode::kBadShape ? e.what() : "";
  }
  return "";
}

TEST(Layout, RefusesRowsOfHalfAGroup) {
  const StorageEntry entry = conformance::gguf_classes().front();
  EXPECT_EQ(refusal(describe(entry, 4, 48)),
            "some: w: a row holds 48 weights, need a multiple of 32");
  EXPECT_EQ(refusal(describe(entry, 0, 32)), "some: w: a weight of 0 x 32 values cannot be kept");
  EXPECT_NE(refusal(describe(entry, std::uint64_t{1} << 60, 32)), "");
}

TEST(Layout, RefusesWhatIsNoStorageClass) {
  const StorageEntry entry = conformance::gguf_classes().front();
  const auto broken = [&](auto change) {
    StorageEntry other = entry;
    change(other.storage);
    return refusal(describe(other, 4, 256));
  };
  const std::string tail = " values are no storage class; report this to the format's author";
  EXPECT_EQ(broken([](auto& s) { s.code_bits = 9; }),
            "some: w: codes of 9 bits in groups of 32 of 32" + tail);
  EXPECT_EQ(broken([](auto& s) { s.group_values = 0; }),
            "some: w: codes of 4 bits in groups of 0 of 32" + tail);
  EXPECT_NE(broken([](auto& s) { s.code_bits = 0; }), "");
  EXPECT_NE(broken([](auto& s) { s.group_values = 12; }), "");
  EXPECT_NE(broken([](auto& s) { s.super_values = 48; }), "");
  EXPECT_NE(broken([](auto& s) { s.super_values = 0; }), "");
  EXPECT_NE(broken([](auto& s) { s.scale_type = 77; }), "");
}

TEST(Layout, RefusesAPlainTypeThatItDoesNotKnow) {
  StorageEntry entry = conformance::plain_types().front();
  entry.plain_type = 77;
  EXPECT_THROW(make_layout("some", describe(entry, 4, 32)), Error);
}

}  // namespace
}  // namespace wick::sdk::planes
