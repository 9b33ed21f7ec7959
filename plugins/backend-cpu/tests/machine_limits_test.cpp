// The ceilings that the device measures, under every instruction set that runs here. How high they
// are is the machine's affair; what is tested is what no machine changes.
#include "machine_limits.h"

#include <wick/abi/base.h>
#include <wick/error.h>

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "cpu_device.h"

namespace wick::cpu {
namespace {

wick_device_limits limits_of(const CpuDevice& cpu, std::uint32_t n_threads,
                             std::uint32_t device = 0) {
  auto limits = sdk::make<wick_device_limits>();
  sdk::check([&](wick_error* e) {
    return cpu.table().measure_limits(cpu.self(), device, n_threads, &limits, e);
  });
  return limits;
}

class MachineLimits : public testing::TestWithParam<std::string> {};

TEST_P(MachineLimits, AreThoseOfAMachineThatCanBeBuilt) {
  const CpuDevice cpu(GetParam(), 2);
  const wick_device_limits limits = limits_of(cpu, 0);
  EXPECT_EQ(limits.n_threads, 2u);
  for (const std::uint64_t always : {limits.read_bytes, limits.int8_macs, limits.f32_macs}) {
    // A machine slower than this, or faster than that, has not been built.
    EXPECT_GT(always, 1'000'000u);
    EXPECT_LT(always, 10'000'000'000'000'000u);
  }
  EXPECT_NE(limits.f16_macs, 0u);
  EXPECT_NE(limits.bf16_macs, 0u);
  EXPECT_NE(limits.description.size, 0u);
}

TEST_P(MachineLimits, OfFewerInstructionsAreOfNoOthers) {
  const std::map<std::string, std::string> expected{
      {"x86-64", "pmaddwd xmm, mulps xmm"},
      {"x86-64-v3", "vpmaddubsw ymm, vfmadd231ps ymm"},
      {"x86-64-v4", "vpmaddubsw zmm, vfmadd231ps zmm"},
  };
  const std::string text = limit_loops(GetParam()).description();
  if (const auto found = expected.find(GetParam()); found != expected.end()) {
    EXPECT_EQ(text, found->second);
  }
  if (GetParam() == "amx-int8" || GetParam() == "avx512-vnni") {
    const bool has_tiles = GetParam() == "amx-int8";
    EXPECT_EQ(text.substr(0, text.find(',')), has_tiles ? "tdpbssd tmm" : "vpdpbusd zmm");
  }
  EXPECT_FALSE(text.empty());
}

INSTANTIATE_TEST_SUITE_P(Isas, MachineLimits, testing::ValuesIn(isa_names()),
                         [](const auto& made) { return isa_case_name(made); });

TEST(MachineLimitsOfADevice, AreMeasuredWithAsManyThreadsAsThereAre) {
  const CpuDevice cpu("", 2);
  EXPECT_EQ(limits_of(cpu, 1).n_threads, 1u);
  EXPECT_EQ(limits_of(cpu, 9).n_threads, 2u);
}

TEST(MachineLimitsOfADevice, AreRefusedWhereThereIsNone) {
  const CpuDevice cpu("", 1);
  EXPECT_THROW(limits_of(cpu, 0, 1), Error);
}

TEST(LimitLoops, CountTheMultiplyAddsOfTwelveRegisters) {
  for (const MacLoop& loop : {limit_loops("").int8, limit_loops("").f32}) {
    ASSERT_NE(loop.run, nullptr);
    EXPECT_EQ(loop.macs_per_round % 12, 0u);
    loop.run(1);
  }
}

}  // namespace
}  // namespace wick::cpu
