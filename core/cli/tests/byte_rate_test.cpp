// What stands behind a progress bar.
#include "cli/byte_rate.h"

#include <gtest/gtest.h>

namespace wick::cli {
namespace {

constexpr std::uint64_t kGiB = 1 << 30;

TEST(ByteRate, SaysNothingOfTheRateInTheFirstMoments) {
  EXPECT_EQ(ByteRate(2 * kGiB).text(0, 10), "0 B of 2.0 GiB");
  EXPECT_EQ(ByteRate(2 * kGiB).text(0.25, 0.4), "512.0 MiB of 2.0 GiB");
}

TEST(ByteRate, SaysHowFastAndHowLong) {
  EXPECT_EQ(ByteRate(2 * kGiB).text(0.25, 1), "512.0 MiB of 2.0 GiB, 512.0 MiB/s, 0:03 left");
  EXPECT_EQ(ByteRate(2 * kGiB).text(0.5, 90), "1.0 GiB of 2.0 GiB, 11.4 MiB/s, 1:30 left");
  EXPECT_EQ(ByteRate(200 * kGiB).text(0.005, 20), "1.0 GiB of 200.0 GiB, 51.2 MiB/s, 1:06:20 left");
  EXPECT_EQ(ByteRate(2 * kGiB).text(1, 4), "2.0 GiB of 2.0 GiB, 512.0 MiB/s, 0:00 left");
}

}  // namespace
}  // namespace wick::cli
