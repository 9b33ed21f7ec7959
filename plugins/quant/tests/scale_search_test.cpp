// The search behind the encoders: the same for every instruction set, and near the best there is.
#include "search/scale_search.h"

#include "tests/registered_formats.h"
#include "tests/rows.h"

#include <gtest/gtest.h>

#include <limits>

namespace wick::quant {
namespace {

/// All that a search writes, beginning as bytes that it must not leave.
struct Parts {
  std::vector<std::uint8_t> codes;
  std::vector<float> scales, mins;
  std::vector<std::int16_t> sub_scales, sub_mins;

  bool operator==(const Parts&) const = default;
};

Parts search_with(ScaleSearch search, const wick_storage_class& c, const std::vector<float>& values,
                  const std::vector<float>& importance) {
  const std::size_t n_blocks = values.size() / c.super_values;
  const std::size_t n_groups = values.size() / c.group_values;
  Parts parts{std::vector<std::uint8_t>(values.size(), 0xa5), std::vector<float>(n_blocks, -7),
              std::vector<float>(n_blocks, -7), std::vector<std::int16_t>(n_groups, -777),
              std::vector<std::int16_t>(n_groups, -777)};
  search({&c, values.data(), importance.empty() ? nullptr : importance.data(),
          static_cast<int>(n_blocks)},
         {parts.codes.data(), parts.scales.data(), parts.mins.data(), parts.sub_scales.data(),
          parts.sub_mins.data()});
  return parts;
}

bool is_searched(const RegisteredFormat& format) {
  const wick_storage_class& c = format.storage();
  return format.vtable().encode && format.name() != "Q8_0" && !(c.table && c.code_bits > 4);
}

TEST(ScaleSearch, FindsTheSameWithEveryInstructionSet) {
  const std::vector<NamedSearch> usable = usable_searches();
  for (const RegisteredFormat& format : registered_formats()) {
    if (!is_searched(format)) continue;
    const wick_storage_class& c = format.storage();
    const std::size_t most = kGroupsAtOnce / (c.super_values / c.group_values);
    for (std::size_t n_blocks = 1; n_blocks <= most; n_blocks += 3) {
      for (const std::string& shape : row_shapes()) {
        const std::vector<float> row = row_of(shape, 3, n_blocks * c.super_values);
        std::vector<float> importance = row_of("normal", 4, row.size());
        for (float& weight : importance) weight *= weight;
        for (const std::vector<float>& weights : {std::vector<float>(), importance}) {
          const Parts want = search_with(usable.front().search, c, row, weights);
          for (const NamedSearch& other : usable)
            EXPECT_EQ(search_with(other.search, c, row, weights), want)
                << format.name() << " " << other.isa << " " << shape << " " << n_blocks;
        }
      }
    }
  }
}

TEST(ScaleSearch, FindsPartsWithinTheStorageClass) {
  for (const RegisteredFormat& format : registered_formats()) {
    if (!is_searched(format)) continue;
    const wick_storage_class& c = format.storage();
    for (const std::string& shape : row_shapes()) {
      const Parts parts = search_with(scale_search(), c, row_of(shape, 3, c.super_values), {});
      for (const int code : parts.codes) ASSERT_LT(code, 1 << c.code_bits) << format.name();
      for (const int sub : parts.sub_scales) {
        if (!c.sub_scale_bits) break;
        ASSERT_GE(sub, c.sub_scale_low) << format.name() << " " << shape;
        ASSERT_LT(sub, c.sub_scale_low + (1 << c.sub_scale_bits)) << format.name() << " " << shape;
      }
      for (const int sub : parts.sub_mins) {
        if (!c.sub_min_bits) break;
        ASSERT_GE(sub, c.sub_min_low) << format.name() << " " << shape;
        ASSERT_LT(sub, c.sub_min_low + (1 << c.sub_min_bits)) << format.name() << " " << shape;
      }
    }
  }
}

/// The least error of 32 values with one scale that a fine scan finds: every scale, in steps of a
/// thousandth, at which the largest value lies within a third of the levels or just beyond them.
double least_error(const std::vector<float>& values, int low, int high) {
  double largest = 0, least = std::numeric_limits<double>::infinity();
  for (const float value : values)
    largest = std::max(largest, static_cast<double>(std::fabs(value)));
  for (double place = 0.6 * high; place < 2.0 * high; place += 0.001 * high) {
    for (const double scale : {largest / place, -largest / place}) {
      double error = 0;
      for (const float value : values) {
        const double x = static_cast<double>(value);
        const double q = std::clamp<double>(std::round(x / scale), low, high);
        error += (x - scale * q) * (x - scale * q);
      }
      least = std::min(least, error);
    }
  }
  return least;
}

TEST(ScaleSearch, ComesNearTheLeastErrorOfAFineScan) {
  for (const auto& [name, low, high] : {std::tuple{"Q4_0", -8, 7}, std::tuple{"Q5_0", -16, 15}}) {
    const RegisteredFormat& format = format_named(name);
    double found = 0, least = 0;
    for (std::uint64_t seed = 1; seed <= 64; ++seed) {
      const std::vector<float> row = row_of("normal", seed, 32);
      found += squared_error(format.decode(format.encode(row)), row);
      least += least_error(row, low, high);
    }
    EXPECT_LT(found, 1.03 * least) << name;
  }
}

}  // namespace
}  // namespace wick::quant
