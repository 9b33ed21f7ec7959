// Filling a weight: in place and by copies it has the same bytes, and what does not fit is refused.
#include <wick/sdk/planes_fill.h>

#include "conformance/weight_data.h"
#include "plane_classes.h"

#include <gtest/gtest.h>

#include <cstring>
#include <optional>

namespace wick::sdk::planes {
namespace {

using conformance::WeightData;

/// Memory that the host does not see, and what was copied to it.
struct FarMemory {
  std::vector<std::uint8_t> bytes;
  int n_copies = 0;

  Filler::Write write() {
    return [this](const void* from, std::uint64_t n_bytes, std::uint64_t offset) {
      ASSERT_LE(offset + n_bytes, bytes.size());
      std::memcpy(bytes.data() + offset, from, n_bytes);
      ++n_copies;
    };
  }
};

void refuse_to_copy(const void*, std::uint64_t, std::uint64_t) {
  FAIL() << "what the host sees needs no copy";
}

std::optional<ErrorCode> code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return std::nullopt;
}

/// A super group at a time, the last first; rows from 2 before rows 0 and 1.
void fill(Filler& filler, const WeightData& data, std::uint64_t super) {
  for (std::uint64_t col = data.n_cols; col > 0;) {
    col -= super;
    for (const std::uint64_t row : {std::uint64_t{2}, std::uint64_t{0}}) {
      WeightData part = data.part(row, row == 0 ? 2 : data.n_rows - 2, col, super);
      filler.put(row, col, part.tile());
    }
  }
}

class EveryFilledClass : public ::testing::TestWithParam<StorageEntry> {};

TEST_P(EveryFilledClass, HasTheSameBytesInPlaceAndByCopies) {
  const std::uint64_t super = GetParam().super_values(), n_cols = super * 3;
  conformance::Random random(11);
  const WeightData data = conformance::random_weight(GetParam().storage, 5, n_cols, random);
  const wick_weight_desc desc = describe(GetParam(), 5, n_cols);
  Filler near("some", desc, refuse_to_copy);
  std::vector<std::uint8_t> seen(near.layout().total_bytes, 0xee);
  near.start(seen.data());
  fill(near, data, super);

  FarMemory far;
  Filler apart("some", desc, far.write());
  far.bytes.assign(apart.layout().total_bytes, 0);
  apart.start(nullptr);
  const int n_copies = far.n_copies;  // of a table
  WeightData begin = data.part(0, 2, 0, super);
  apart.put(0, 0, begin.tile());
  EXPECT_EQ(far.n_copies, n_copies) << "rows are copied when all their columns are there";
  for (std::uint64_t col = super; col < n_cols; col += super) {
    WeightData part = data.part(0, 2, col, super);
    apart.put(0, col, part.tile());
  }
  EXPECT_GT(far.n_copies, n_copies);
  WeightData rest = data.part(2, 3, 0, n_cols);
  apart.put(2, 0, rest.tile());
  // Peaks are bounds only: those of parts may be tighter.
  for (auto* bytes : {&seen, &far.bytes})
    std::memset(bytes->data() + near.layout().planes[kPeaks].offset, 0, 5 * sizeof(float));
  EXPECT_EQ(far.bytes, seen);
}

INSTANTIATE_TEST_SUITE_P(Planes, EveryFilledClass, ::testing::ValuesIn(packed_classes()),
                         [](const auto& tested) { return tested.param.name; });

TEST(Filler, RefusesTilesThatDoNotFit) {
  const StorageEntry entry = conformance::gguf_classes()[0];
  const std::uint64_t super = entry.super_values();
  conformance::Random random(12);
  FarMemory far;
  Filler filler("some", describe(entry, 4, super * 2), far.write());
  far.bytes.assign(filler.layout().total_bytes, 0);
  filler.start(nullptr);
  const auto put = [&](std::uint64_t row, std::uint64_t col, std::uint64_t n_rows,
                       std::uint64_t n_supers) {
    WeightData data = conformance::random_weight(entry.storage, n_rows, super * n_supers, random);
    return code_of([&] { filler.put(row, col, data.tile()); });
  };
  EXPECT_EQ(put(4, 0, 1, 1), ErrorCode::kBadArgument);
  EXPECT_EQ(put(3, 0, 2, 1), ErrorCode::kBadArgument);
  EXPECT_EQ(put(~std::uint64_t{0}, 0, 1, 1), ErrorCode::kBadArgument);
  EXPECT_EQ(put(0, super * 2, 1, 1), ErrorCode::kBadArgument);
  EXPECT_EQ(put(0, 1, 1, 1), ErrorCode::kBadArgument);
  EXPECT_EQ(put(0, 0, 1, 3), ErrorCode::kBadArgument);
  EXPECT_EQ(code_of([&] { filler.put_plain(0, 1, far.bytes.data()); }), ErrorCode::kBadArgument);
  EXPECT_EQ(far.n_copies, 0);
  EXPECT_EQ(put(0, 0, 2, 1), std::nullopt);
  EXPECT_EQ(put(0, super, 1, 1), ErrorCode::kBadArgument);  // of another height
  EXPECT_EQ(put(0, super, 2, 1), std::nullopt);
}

TEST(Filler, KeepsTheValuesOfAVector) {
  const std::vector<float> values{0.5f, -2.0f, 96.0f};
  auto desc = make<wick_weight_desc>();
  desc.use = WICK_USE_VECTOR;
  desc.name = to_str("w");
  desc.n_rows = 1, desc.n_cols = 3;
  desc.plain_type = WICK_TYPE_F32;
  Filler filler("some", desc, refuse_to_copy);
  std::vector<std::uint8_t> seen(filler.layout().total_bytes, 0xee);
  filler.start(seen.data());
  filler.put_plain(0, 1, values.data());
  EXPECT_EQ(filler.vector(), values);
  ASSERT_EQ(seen.size(), values.size() * sizeof(float));
  EXPECT_EQ(std::memcmp(seen.data(), values.data(), seen.size()), 0);
}

}  // namespace
}  // namespace wick::sdk::planes
