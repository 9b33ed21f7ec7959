// Attention of every instruction set: groups of heads that fill registers or not, short batches
// behind a history, and memory of nobody behind the last token.
#include "conformance/cases/attention.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "isa_devices.h"

namespace wick::conformance {

/// How gtest shows a variant.
inline void PrintTo(const AttentionVariant& v, std::ostream* out) {
  *out << v.name;
}

}  // namespace wick::conformance

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
  all.push_back({"window5", 3, 1, 33, 17, 5, 0});
  all.push_back({"softcap", 8, 1, 48, 48, 0, 1.5});
  all.push_back({"many", 40, 1, 16, 16, 0, 0});  // more queries than are attended at a time
  return all;
}

/// The kit's own cases: isa_test.cpp.
class AttentionVariants : public ::testing::TestWithParam<AttentionVariant> {};

TEST_P(AttentionVariants, AreWithinTheirBoundsOfTheOracle) {
  const IsaDevices devices(2);
  std::vector<Case> cases;
  conformance::put_cases(cases, "attention", GetParam().name,
                         {conformance::plain_types()[0], short_shapes()},
                         [](Draft& d) { return conformance::attention_node(d, GetParam()); });
  for (const Case& c : cases) devices.expect_within_bounds(c);
}

INSTANTIATE_TEST_SUITE_P(Cpu, AttentionVariants, ::testing::ValuesIn(variants()),
                         [](const auto& made) { return std::string(made.param.name); });

class Attention : public ::testing::TestWithParam<std::string> {};

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
  // The last in f32 and bf16, too; the second is infinite in bf16.
  constexpr std::uint16_t kFills[] = {0x7c00, 0x7f80, 0x7fff};
  for (const bool precise : {false, true}) {
    const std::vector<float> want = outputs(cpu, precise, 0);
    for (const std::uint16_t fill : kFills) {
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

/// Ten tokens at once, of which one's value is `value`: outputs by token.
std::vector<std::vector<float>> with_value(const CpuDevice& cpu, bool precise, std::int64_t window,
                                           std::size_t token, float value) {
  constexpr std::int64_t kHeads = 3, kDim = 17;
  Random random(8);
  Draft draft({"tokens10", {{conformance::run_of(0, 0, 10)}}}, conformance::InputClass::kNormal,
              random);
  const std::uint32_t y =
      conformance::attention_node(draft, {"", kHeads, 1, kDim, kDim, window, 0});
  conformance::Experiment experiment = draft.finish(y);
  // Inputs are q, k and v.
  double* row = experiment.steps[0].inputs.at(2).row(token);
  std::fill(row, row + kDim, static_cast<double>(value));
  conformance::Session session(cpu.device(), experiment.setup, precise);
  const std::vector<float> all = session.run(experiment.steps[0]);
  std::vector<std::vector<float>> rows;
  for (auto at = all.begin(); at != all.end(); at += kHeads * kDim)
    rows.emplace_back(at, at + kHeads * kDim);
  return rows;
}

/// Tokens are multiplied in pairs by some instruction sets: each is the hidden one, of both sides
/// of a pair.
TEST_P(Attention, UsesInfiniteValuesOfTheSameBatchWhereTheyAreSeenAndNowhereElse) {
  const CpuDevice cpu(GetParam(), 2);
  for (const bool precise : {false, true})
    for (const std::size_t window : {0u, 3u, 4u})
      for (std::size_t token = 0; token < 10; ++token) {
        const auto run = [&](float value) {
          return with_value(cpu, precise, static_cast<std::int64_t>(window), token, value);
        };
        const auto want = run(1.0f), got = run(std::numeric_limits<float>::infinity());
        for (std::size_t row = 0; row < 10; ++row) {
          const bool sees = token <= row && (window == 0 || row < token + window);
          const std::string place = "token " + std::to_string(row) + ", infinite " +
                                    std::to_string(token) + ", window " + std::to_string(window) +
                                    (precise ? ", precise" : ", fast");
          if (!sees) {
            EXPECT_EQ(got[row], want[row]) << place;
            continue;
          }
          for (const float y : got[row])
            EXPECT_EQ(y, std::numeric_limits<float>::infinity()) << place;
        }
      }
}

/// 40 tokens in pieces, the last of each size shorter, with the inputs of 40 at once.
std::vector<float> in_pieces(const CpuDevice& cpu, const conformance::Experiment& whole,
                             bool precise, std::uint32_t n) {
  conformance::Session session(cpu.device(), whole.setup, precise);
  std::vector<float> all;
  for (std::uint32_t first = 0; first < 40; first += n) {
    conformance::Step step;
    const std::uint32_t count = std::min(n, 40 - first);
    step.batch = conformance::BatchFixture({conformance::run_of(0, first, count)},
                                           [](std::uint32_t, std::uint32_t) { return 0; });
    step.batch.want_all();
    for (const auto& [value, rows] : whole.steps[0].inputs) {
      reference::Matrix part(count, rows.width);
      std::copy_n(rows.row(first), count * rows.width, part.values.begin());
      step.inputs[value] = part;
    }
    for (const float y : session.run(step)) all.push_back(y);
  }
  return all;
}

TEST_P(Attention, GivesTheSameBitsForOneTokenOrMany) {
  const CpuDevice cpu(GetParam(), 2);
  for (const AttentionVariant& v : variants())
    for (const bool precise : {false, true}) {
      Random random(10);
      Draft draft({"tokens40", {{conformance::run_of(0, 0, 40)}}}, conformance::InputClass::kNormal,
                  random);
      const std::uint32_t y = conformance::attention_node(draft, v);
      const conformance::Experiment whole = draft.finish(y);
      const std::vector<float> want = in_pieces(cpu, whole, precise, 40);
      for (const std::uint32_t n : {1u, 3u, 8u}) {
        const std::vector<float> got = in_pieces(cpu, whole, precise, n);
        ASSERT_EQ(got.size(), want.size());
        EXPECT_EQ(std::memcmp(got.data(), want.data(), want.size() * sizeof(float)), 0)
            << v.name << " in pieces of " << n << (precise ? ", precise" : "");
      }
    }
}

INSTANTIATE_TEST_SUITE_P(Cpu, Attention, ::testing::ValuesIn(isa_names()),
                         [](const auto& made) { return isa_case_name(made); });

}  // namespace
}  // namespace wick::cpu
