// Every op, shape and storage class of the conformance kit, with the kernels of every instruction
// set that runs here. The oracle, which takes most of the time, is asked once for all of them.
#include "conformance/cases/all.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "isa_devices.h"

namespace wick::conformance {

/// How gtest shows an op.
inline void PrintTo(const OpCases& op, std::ostream* out) {
  *out << op.name;
}

}  // namespace wick::conformance

namespace wick::cpu {
namespace {

class Op : public ::testing::TestWithParam<conformance::OpCases> {};

TEST_P(Op, IsWithinTheBoundsOfTheOracle) {
  const IsaDevices devices(3);
  for (const conformance::Case& c : GetParam().make()) devices.expect_within_bounds(c);
}

INSTANTIATE_TEST_SUITE_P(Cpu, Op, ::testing::ValuesIn(conformance::all_ops()),
                         [](const auto& made) { return std::string(made.param.name); });

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
