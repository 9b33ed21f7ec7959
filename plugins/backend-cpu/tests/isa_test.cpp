// Every op, shape and storage class of the conformance kit, with the kernels of every instruction
// set that runs here.
#include "conformance/cases/all.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "cpu_device.h"

namespace wick::cpu {
namespace {

class Isa : public ::testing::TestWithParam<std::string> {};

void check_all(const std::string& isa, const std::vector<conformance::Case>& cases) {
  const CpuDevice cpu(isa, 3);
  for (const conformance::Case& c : cases) {
    const conformance::Outcome outcome = conformance::check(cpu.device(), c);
    EXPECT_FALSE(outcome.failed())
        << c.name << ": " << outcome.text << "; seed " << conformance::seed_of(c.name);
  }
}

TEST_P(Isa, IsWithinTheBoundsOfTheOracle) {
  check_all(GetParam(), conformance::all_cases());
}

/// What tools/test-aarch64 runs where the machine is emulated, and slow.
TEST_P(Isa, MultipliesWithinTheBoundsOfTheOracle) {
  check_all(GetParam(), conformance::matmul_cases());
}

INSTANTIATE_TEST_SUITE_P(Cpu, Isa, ::testing::ValuesIn(isa_names()),
                         [](const auto& made) { return isa_case_name(made); });

/// The last is the default.
TEST(IsaOption, PrefersAttentionInBf16WhereItsProductsAreFast) {
  const std::vector<std::string> names = isa_names();
  const auto bf16 = std::find(names.begin(), names.end(), "avx512-bf16");
  if (bf16 == names.end()) GTEST_SKIP() << "no AVX-512 BF16 here";
  const auto vnni = std::find(names.begin(), names.end(), "avx512-vnni");
  ASSERT_NE(vnni, names.end());
#if defined(__x86_64__)
  EXPECT_EQ(vnni < bf16, !__builtin_cpu_is("intel"));
#endif
}

TEST(IsaOption, RefusesWhatDoesNotRunHere) {
  EXPECT_THROW(CpuDevice("z80", 1), Error);
}

}  // namespace
}  // namespace wick::cpu
