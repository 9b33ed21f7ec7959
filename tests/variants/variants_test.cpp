// Models of random weights, each with a part that trained checkpoints at hand lack, against logits
// of an independent implementation (README.md). Not a test of speed or of sessions.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "files/npy.h"
#include "generate/session.h"
#include "model/model.h"
#include "test_runtime.h"

namespace wick {
namespace {

// make_variants.py has the same two lists.
std::vector<std::int32_t> prompt() {
  std::vector<std::int32_t> ids = {1};
  for (std::int32_t i = 1; i < 70; ++i) ids.push_back((i * 37 + 11) % 250 + 3);
  return ids;
}
constexpr std::size_t kPositions[] = {0, 1, 20, 33, 64, 69};

std::string fixture(const std::string& name) {
  return WICK_TEST_SOURCE_DIR "/tests/variants/fixtures/" + name;
}

std::vector<std::vector<float>> logits_of(const std::string& path, bool precise) {
  Runtime runtime(test_runtime_options(2));
  ModelOptions options;
  options.path = path;
  options.backends = {"cpu"};
  options.precise = precise;
  options.context = 128;
  const std::unique_ptr<Model> model = Model::load(runtime, options);
  Session session(*model);
  const std::vector<std::int32_t> ids = prompt();
  const SequenceInput input{session.create(), ids, WantLogits::kAll};
  std::vector<std::vector<float>> rows;
  session.evaluate(std::span(&input, 1),
                   [&](std::size_t, std::size_t, std::span<const float> logits) {
                     rows.emplace_back(logits.begin(), logits.end());
                   });
  return rows;
}

/// |a - b| / |b|, both of the same length.
double relative_error(const std::vector<float>& a, const float* b) {
  double difference = 0.0, norm = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double expected = static_cast<double>(b[i]);
    const double off = static_cast<double>(a[i]) - expected;
    difference += off * off;
    norm += expected * expected;
  }
  return std::sqrt(difference / norm);
}

class LlamaVariant : public testing::TestWithParam<const char*> {
 protected:
  static void expect_within(bool precise, double bound) {
    const std::string name = GetParam();
    const NpyMatrix expected = read_npy(fixture(name + ".npy"));
    const auto rows = logits_of(fixture(name + ".gguf"), precise);
    ASSERT_EQ(rows.size(), prompt().size());
    ASSERT_EQ(expected.n_rows, std::size(kPositions));
    double worst = 0.0;
    for (std::size_t i = 0; i < std::size(kPositions); ++i) {
      const std::vector<float>& row = rows[kPositions[i]];
      ASSERT_EQ(row.size(), expected.n_cols);
      const double error = relative_error(row, &expected.values[i * expected.n_cols]);
      EXPECT_LE(error, bound) << "at position " << kPositions[i];
      worst = std::max(worst, error);
    }
    RecordProperty("largest_error_ppb", static_cast<int>(worst * 1e9));
  }
};

// float32 sums of up to 96 products, a dozen of them one behind the other: 96 * 12 * 2^-24 = 7e-5
// were all roundings at their worst and of one sign; 2e-5 is what --precise promises.
TEST_P(LlamaVariant, HasTheLogitsOfTheReferenceWhenPrecise) {
  expect_within(true, 2e-5);
}

// With F16 matrices only attention rounds: keys and values, to f16 by at most 2^-11 of each, or
// where the CPU multiplies bf16 those and queries, by 2^-8 each, 0.2 % as root mean square. Scores
// reach 18: one moves by 0.28 % of that, 0.05, were its products all of one sign.
//
// With Q8_0 every product rounds its input to steps of 1/127 of the largest of 32 values: 0.5 % of
// a normal one, as root mean square. A score is a product of two such, 2 in size: 1.4 % of each
// attention weight. Two layers of that and of five more products, and the output, add as squares
// to 2.5 %; a row may be twice the mean.
TEST_P(LlamaVariant, StaysNearTheReferenceWhenFast) {
  expect_within(false, 5e-2);
}

INSTANTIATE_TEST_SUITE_P(
    Files, LlamaVariant,
    testing::Values("tied_gqa", "untied_mha", "mqa", "biases", "attention_biases", "wide_heads",
                    "odd_heads", "narrow_values", "partial_rotary", "llama3", "linear", "yarn",
                    "yarn_all_keys", "window", "narrow_window", "q8_0", "q8_0_tied"),
    [](const testing::TestParamInfo<const char*>& which) { return std::string(which.param); });

}  // namespace
}  // namespace wick
