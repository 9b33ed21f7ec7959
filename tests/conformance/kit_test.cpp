// The kit itself: it refuses each of the mistakes that backends make. That it passes the reference,
// in f32 and with the roundings of a fast backend, is what the suites of the ops say, which ctest
// runs with the reference as it does with backends.
#include "conformance/cases/all.h"
#include "conformance/honesty.h"
#include "conformance/state_checks.h"
#include "under_test.h"

#include <functional>
#include <set>

namespace wick::tests {
namespace {

using conformance::Case;

/// The first case whose name begins so and that fails; empty where none does.
std::string failing_case(Fault fault, const std::string& prefix) {
  const ReferenceDevice reference(fault);
  for (const Case& c : conformance::all_cases())
    if (c.name.rfind(prefix, 0) == 0 && conformance::check(reference.device(), c).failed())
      return c.name;
  return "";
}

struct Mistake {
  Fault fault;
  const char* name;
  const char* prefix;  ///< of the cases that must find it
};
void PrintTo(const Mistake& m, std::ostream* out) {
  *out << m.name;
}

class OpMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(OpMistake, IsFound) {
  EXPECT_EQ(failing_case(Fault::kNone, GetParam().prefix), "") << "without the mistake";
  EXPECT_NE(failing_case(GetParam().fault, GetParam().prefix), "");
}

INSTANTIATE_TEST_SUITE_P(
    Kit, OpMistake,
    ::testing::Values(
        Mistake{Fault::kRopeOtherLayout, "rope_layout", "rope_interleaved"},
        Mistake{Fault::kYarnIgnored, "yarn_ignored", "rope_yarn_precise"},
        Mistake{Fault::kFactorsIgnored, "factors_ignored", "rope_factors_fast"},
        Mistake{Fault::kWindowOffByOne, "window_off_by_one_precise", "attention_window33_precise"},
        Mistake{Fault::kWindowOffByOne, "window_off_by_one_fast", "attention_window33_fast"},
        Mistake{Fault::kKvHeadsInTurns, "kv_heads_in_turns", "attention_grouped_fast"},
        Mistake{Fault::kScoresUnscaled, "scores_unscaled", "attention_heads4_fast"},
        Mistake{Fault::kOneSequence, "one_sequence", "attention_heads4_fast_runs3"},
        Mistake{Fault::kMinIgnored, "min_ignored_one_level", "matmul_u4g32m_fast"},
        Mistake{Fault::kMinIgnored, "min_ignored_two_levels", "matmul_u2g16x2m_fast"},
        Mistake{Fault::kMinIgnored, "min_ignored_embed", "embed_u4g32x2m_precise"},
        Mistake{Fault::kSubScaleUnsigned, "sub_scale_unsigned", "matmul_u3g16x2_fast"},
        Mistake{Fault::kLastColumnLost, "last_column_lost_precise", "matmul_u4g32x2m_precise"},
        Mistake{Fault::kLastColumnLost, "last_column_lost_fast", "matmul_u8g32_fast"},
        Mistake{Fault::kActivationsInSixBits, "activations_in_six_bits", "matmul_u8g32_fast"},
        Mistake{Fault::kHalfSums, "half_sums", "matmul_f32_precise"},
        Mistake{Fault::kConvBorderLost, "conv_border_lost", "short_conv_width3"},
        Mistake{Fault::kConvStateIgnored, "conv_state_ignored", "short_conv_width3"},
        Mistake{Fault::kGeluByErf, "gelu_by_erf", "gelu_width77_fast"},
        Mistake{Fault::kNormOverRow, "norm_over_row", "rms_norm_heads3"},
        Mistake{Fault::kBiasWeighs, "bias_weighs", "route_sigmoid_bias_fast"},
        Mistake{Fault::kExpertsInTiles, "experts_in_tiles", "matmul_experts_u4g32_shared_fast"},
        Mistake{Fault::kFirstPartForSlots, "first_part_for_slots", "matmul_experts_f16_own_fast"},
        Mistake{Fault::kTiesToTheHigher, "ties_to_the_higher", "top_k_some_fast"},
        Mistake{Fault::kNanIsSmallest, "nan_is_smallest", "top_k_one_extreme_precise"},
        Mistake{Fault::kOutputsOffByOne, "outputs_off_by_one", "select_rows_some"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Kit, HasCasesOfOneNameEach) {
  std::set<std::string> names;
  for (const Case& c : conformance::all_cases()) EXPECT_TRUE(names.insert(c.name).second) << c.name;
}

using Checks = conformance::StateChecks;
std::string state_check(Fault fault, const std::function<std::string(Checks&)>& check) {
  const ReferenceDevice reference(fault);
  Checks checks(reference.device(), conformance::plain_types()[0], {true, true});
  return check(checks);
}

TEST(Kit, FindsStateThatIsNotCopied) {
  EXPECT_EQ(state_check(Fault::kNone, [](Checks& c) { return c.fork(); }), "");
  EXPECT_NE(state_check(Fault::kCopyForgotten, [](Checks& c) { return c.fork(); }), "");
}

TEST(Kit, FindsStateThatAResizeClears) {
  EXPECT_EQ(state_check(Fault::kNone, [](Checks& c) { return c.resize(); }), "");
  EXPECT_NE(state_check(Fault::kResizeForgets, [](Checks& c) { return c.resize(); }), "");
}

TEST(Kit, FindsStateThatIsNotWritten) {
  const auto check = [](Checks& c) { return c.save_and_restore(); };
  EXPECT_EQ(state_check(Fault::kNone, check), "");
  EXPECT_NE(state_check(Fault::kWriteForgotten, check), "");
}

TEST(Kit, FindsSequencesThatAreMixed) {
  EXPECT_EQ(state_check(Fault::kNone, [](Checks& c) { return c.interleaved(); }), "");
  EXPECT_NE(state_check(Fault::kOneSequence, [](Checks& c) { return c.interleaved(); }), "");
}

TEST(Kit, FindsABorderWithoutItsConvolutionState) {
  EXPECT_EQ(state_check(Fault::kNone, [](Checks& c) { return c.truncated(); }), "");
  EXPECT_NE(state_check(Fault::kConvBorderLost, [](Checks& c) { return c.truncated(); }), "");
}

TEST(Kit, FindsAnEstimateThatIsTooLow) {
  const auto f32 = conformance::plain_types()[0];
  EXPECT_EQ(conformance::check_estimate(ReferenceDevice().device(), f32, true), "");
  EXPECT_NE(
      conformance::check_estimate(ReferenceDevice(Fault::kEstimateTooLow).device(), f32, true), "");
}

}  // namespace
}  // namespace wick::tests
