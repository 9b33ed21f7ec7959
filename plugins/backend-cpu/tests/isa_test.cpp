// Every op, shape and storage class of the conformance kit, with the kernels of every instruction
// set that runs here.
#include "conformance/cases/all.h"

#include <gtest/gtest.h>

#include "cpu_device.h"

namespace wick::cpu {
namespace {

class Isa : public ::testing::TestWithParam<std::string> {};

TEST_P(Isa, IsWithinTheBoundsOfTheOracle) {
  const CpuDevice cpu(GetParam(), 3);
  for (const conformance::Case& c : conformance::all_cases()) {
    const conformance::Outcome outcome = conformance::check(cpu.device(), c);
    EXPECT_FALSE(outcome.failed())
        << c.name << ": " << outcome.text << "; seed " << conformance::seed_of(c.name);
  }
}

INSTANTIATE_TEST_SUITE_P(Cpu, Isa, ::testing::ValuesIn(isa_names()),
                         [](const auto& made) { return isa_case_name(made); });

TEST(IsaOption, RefusesWhatDoesNotRunHere) {
  EXPECT_THROW(CpuDevice("z80", 1), Error);
}

}  // namespace
}  // namespace wick::cpu
