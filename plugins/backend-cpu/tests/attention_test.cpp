// Attention of every instruction set: groups of heads that fill registers or not, short batches
// behind a history, and memory of nobody behind the last token.
#include "conformance/cases/attention.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "cpu_device.h"

namespace wick::cpu {
namespace {

using conformance::AttentionVariant;
using conformance::Case;
using conformance::Draft;
using conformance::Random;
using conformance::Shape;

/// One to nine tokens, at and across the border of a block.
std::vector<Shape> short_shapes() {
  std::vector<Shape> shapes;
  for (std::uint32_t n = 1; n <= 9; ++n)
    shapes.push_back({"tokens" + std::to_string(n),
                      {{conformance::run_of(0, 0, 28)}, {conformance::run_of(0, 28, n)}}});
  return shapes;
}

std::vector<AttentionVariant> variants() {
  std::vector<AttentionVariant> all;
  static const char* const names[] = {"",     "one", "two",   "three", "four",
                                      "five", "six", "seven", "eight", "nine"};
  for (std::int64_t n = 1; n <= 9; ++n) all.push_back({names[n], 2 * n, 2, 64, 64, 0, 0});
  all.push_back({"dim80", 4, 2, 80, 80, 0, 0});
  all.push_back({"dim1", 3, 1, 1, 1, 0, 0});
  all.push_back({"dim17", 8, 1, 17, 33, 0, 0});
  all.push_back({"window", 8, 1, 48, 48, 6, 0});
  all.push_back({"softcap", 8, 1, 48, 48, 0, 1.5});
  all.push_back({"many", 40, 1, 16, 16, 0, 0});  // more queries than are attended at a time
  return all;
}

class Attention : public ::testing::TestWithParam<std::string> {};

TEST_P(Attention, IsWithinItsBoundForEveryGroupOfHeads) {
  const CpuDevice cpu(GetParam(), 2);
  std::vector<Case> cases = conformance::attention_cases();
  for (const AttentionVariant& v : variants())
    conformance::put_cases(cases, "attention", v.name,
                           {conformance::plain_types()[0], short_shapes()},
                           [v](Draft& d) { return conformance::attention_node(d, v); });
  for (const Case& c : cases) {
    const conformance::Outcome outcome = conformance::check(cpu.device(), c);
    EXPECT_FALSE(outcome.failed()) << c.name << ": " << outcome.text;
  }
}

/// 28 tokens, then 9, in a state whose blocks were all filled with `fill` before.
std::vector<float> outputs(const CpuDevice& cpu, bool precise, std::uint16_t fill) {
  Random random(7);
  Draft draft(short_shapes().back(), conformance::InputClass::kNormal, random);
  const std::uint32_t y = conformance::attention_node(draft, {"", 6, 2, 24, 24, 0, 0});
  const conformance::Experiment experiment = draft.finish(y);
  conformance::Session session(cpu.device(), experiment.setup, precise);
  auto bytes = cpu.device().read_block(session.state(), 0);
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) std::memcpy(&bytes[i], &fill, sizeof fill);
  for (std::uint32_t block = 0; block < experiment.setup.n_blocks; ++block)
    cpu.device().write_block(session.state(), block, bytes);
  std::vector<float> all;
  for (const conformance::Step& step : experiment.steps)
    for (const float value : session.run(step)) all.push_back(value);
  return all;
}

TEST_P(Attention, NeverUsesWhatAQueryDoesNotSee) {
  const CpuDevice cpu(GetParam(), 2);
  constexpr std::uint16_t kInfinity = 0x7c00, kNan = 0x7fff;  // the latter in f32, too
  for (const bool precise : {false, true}) {
    const std::vector<float> want = outputs(cpu, precise, 0);
    for (const std::uint16_t fill : {kInfinity, kNan}) {
      const std::vector<float> got = outputs(cpu, precise, fill);
      EXPECT_EQ(std::memcmp(got.data(), want.data(), want.size() * sizeof(float)), 0)
          << (precise ? "precise" : "fast") << ", blocks filled with " << fill;
    }
  }
}

/// 28 tokens, then one, which is what many threads divide by heads.
std::vector<float> decoded(const CpuDevice& cpu, bool precise, const AttentionVariant& variant) {
  Random random(9);
  Draft draft(short_shapes().front(), conformance::InputClass::kNormal, random);
  const std::uint32_t y = conformance::attention_node(draft, variant);
  const conformance::Experiment experiment = draft.finish(y);
  conformance::Session session(cpu.device(), experiment.setup, precise);
  session.run(experiment.steps[0]);
  return session.run(experiment.steps[1]);
}

TEST_P(Attention, GivesTheSameBitsWhoeverTakesWhichHeads) {
  const CpuDevice alone(GetParam(), 1);
  for (const std::uint32_t n_threads : {3u, 7u, 16u}) {
    const CpuDevice many(GetParam(), n_threads);
    for (const AttentionVariant& v : variants())
      for (const bool precise : {false, true}) {
        const std::vector<float> want = decoded(alone, precise, v), got = decoded(many, precise, v);
        ASSERT_EQ(got.size(), want.size());
        EXPECT_EQ(std::memcmp(got.data(), want.data(), want.size() * sizeof(float)), 0)
            << v.name << " by " << n_threads << (precise ? ", precise" : "");
      }
  }
}

/// The last token's value is infinite: those before it must not know.
TEST_P(Attention, NeverUsesALaterTokenOfTheSameBatch) {
  const CpuDevice cpu(GetParam(), 2);
  const auto first_row = [&](float last_value) {
    Random random(8);
    Draft draft({"tokens9", {{conformance::run_of(0, 0, 9)}}}, conformance::InputClass::kNormal,
                random);
    const std::uint32_t y = conformance::attention_node(draft, {"", 3, 1, 16, 16, 0, 0});
    conformance::Experiment experiment = draft.finish(y);
    // Inputs are q, k and v.
    for (auto& [value, matrix] : experiment.steps[0].inputs)
      if (value == 2)
        for (std::size_t i = 0; i < 16; ++i) matrix.row(8)[i] = static_cast<double>(last_value);
    conformance::Session session(cpu.device(), experiment.setup, true);
    std::vector<float> got = session.run(experiment.steps[0]);
    got.resize(8 * 48);
    return got;
  };
  EXPECT_EQ(first_row(std::numeric_limits<float>::infinity()), first_row(1.0f));
}

INSTANTIATE_TEST_SUITE_P(Cpu, Attention, ::testing::ValuesIn(isa_names()),
                         [](const auto& made) { return isa_case_name(made); });

}  // namespace
}  // namespace wick::cpu
