// Places in the arena: reused, aligned, never overlapping.
#include <wick/sdk/slots.h>

#include <gtest/gtest.h>

namespace wick::sdk {
namespace {

TEST(Slots, ReusesWhatWasReleased) {
  Slots slots;
  const std::uint64_t a = slots.take(100), b = slots.take(64);
  EXPECT_EQ(a, 0u);
  EXPECT_EQ(b, 128u);
  slots.release(a);
  EXPECT_EQ(slots.take(128), 0u);
  EXPECT_EQ(slots.size(), 192u);
}

TEST(Slots, SkipsAGapThatIsTooSmall) {
  Slots slots;
  const std::uint64_t a = slots.take(64);
  slots.take(64);
  slots.release(a);
  EXPECT_EQ(slots.take(65), 128u);
}

}  // namespace
}  // namespace wick::sdk
