// Ops without a matrix, on every instruction set, against the oracle. Attention has a test of its
// own, and so have products.
#include "conformance/cases/all.h"

#include <gtest/gtest.h>

#include "cpu_device.h"

namespace wick::cpu {
namespace {

class Ops : public ::testing::TestWithParam<std::string> {};

TEST_P(Ops, AreWithinTheirBoundsOfTheOracle) {
  const CpuDevice cpu(GetParam(), 3);
  for (const auto& cases :
       {conformance::add_cases(), conformance::combine_cases(), conformance::gelu_cases(),
        conformance::layer_norm_cases(), conformance::mul_cases(), conformance::rms_norm_cases(),
        conformance::rope_cases(), conformance::route_cases(), conformance::scale_cases(),
        conformance::short_conv_cases(), conformance::silu_cases(), conformance::softcap_cases(),
        conformance::swiglu_cases()})
    for (const conformance::Case& c : cases) {
      const conformance::Outcome outcome = conformance::check(cpu.device(), c);
      EXPECT_FALSE(outcome.failed()) << c.name << ": " << outcome.text;
    }
}

INSTANTIATE_TEST_SUITE_P(Cpu, Ops, ::testing::ValuesIn(isa_names()),
                         [](const auto& made) { return isa_case_name(made); });

}  // namespace
}  // namespace wick::cpu
