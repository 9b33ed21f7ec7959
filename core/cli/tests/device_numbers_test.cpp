// Numbers for devices on the command line.
#include "cli/device_numbers.h"

#include <gtest/gtest.h>
#include <wick/error.h>

namespace wick::cli {
namespace {

Arguments with(const std::string& option, const std::string& value) {
  Arguments arguments("plan");
  arguments.add(option, {value});
  return arguments;
}

TEST(DeviceNumbers, AreReadInTheirOrderWithWhateverNamesDevicesHave) {
  const auto counts = device_counts(with("layers", "cpu#2=3,gpu:1=0,a=b=12"), "layers");
  ASSERT_EQ(counts.size(), 3u);
  EXPECT_EQ(counts[0].device, "cpu#2");
  EXPECT_EQ(counts[0].number, 3u);
  EXPECT_EQ(counts[1].device, "gpu:1");
  EXPECT_EQ(counts[1].number, 0u);
  EXPECT_EQ(counts[2].device, "a=b");
  EXPECT_EQ(counts[2].number, 12u);
  EXPECT_TRUE(device_counts(Arguments("plan"), "layers").empty());
}

TEST(DeviceNumbers, OfBytesHaveUnitsOf1024) {
  const auto bytes = device_bytes(with("memory", "a=17,b=2K,c=300M,d=1G,e=1T"), "memory");
  ASSERT_EQ(bytes.size(), 5u);
  EXPECT_EQ(bytes[0].number, 17u);
  EXPECT_EQ(bytes[1].number, 2048u);
  EXPECT_EQ(bytes[2].number, std::uint64_t{300} << 20);
  EXPECT_EQ(bytes[3].number, std::uint64_t{1} << 30);
  EXPECT_EQ(bytes[4].number, std::uint64_t{1} << 40);
}

TEST(DeviceNumbers, RefuseEverythingElseAsWrongUsage) {
  const auto code_of = [](const std::string& text, bool bytes) {
    try {
      bytes ? device_bytes(with("x", text), "x") : device_counts(with("x", text), "x");
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::kOk;
  };
  for (const char* text : {"", "cpu", "cpu=", "=3", "cpu=-1", "cpu=3.5", "cpu=3,,a=1", "cpu=x",
                           "cpu=99999999999999999999", "cpu=2000000"})
    EXPECT_EQ(code_of(text, false), ErrorCode::kUsage) << text;
  for (const char* text : {"cpu=M", "cpu=1m", "cpu=1MB", "cpu=-1M", "cpu=9999999999T", "cpu=1.5G"})
    EXPECT_EQ(code_of(text, true), ErrorCode::kUsage) << text;
}

}  // namespace
}  // namespace wick::cli
