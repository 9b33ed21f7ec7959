// Tiny random LFM2 models, dense and with experts, against float32 transformers (make_lfm2.py), and
// against themselves: the same bytes in pieces, beside another sequence, after a fork or a cut.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "files/npy.h"
#include "generate/session.h"
#include "model/model.h"
#include "test_runtime.h"

namespace wick {
namespace {

using Ids = std::vector<std::int32_t>;
using Rows = std::vector<std::vector<float>>;

/// hf_fixture.py's text; its vocabulary starts with the 256 bytes. Longer than a state block.
Ids prompt() {
  const std::string text = "Once upon a time, 7 wicks burnt in 1 row.";
  return {text.begin(), text.end()};
}

Ids part(const Ids& ids, std::size_t begin, std::size_t end) {
  const auto at = [&](std::size_t i) {
    return ids.begin() + static_cast<std::ptrdiff_t>(std::min(i, ids.size()));
  };
  return {at(begin), at(end)};
}

Rows append(Session& session, SequenceId sequence, const Ids& ids) {
  Rows rows;
  const SequenceInput input{sequence, ids, WantLogits::kAll};
  session.evaluate(std::span(&input, 1),
                   [&](std::size_t, std::size_t, std::span<const float> logits) {
                     rows.emplace_back(logits.begin(), logits.end());
                   });
  return rows;
}

void extend(Rows& rows, Rows more) {
  for (auto& row : more) rows.push_back(std::move(row));
}

/// |a - b| / |b|.
double relative_error(std::span<const float> a, std::span<const float> b) {
  double difference = 0.0, norm = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double off = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    difference += off * off;
    norm += static_cast<double>(b[i]) * static_cast<double>(b[i]);
  }
  return std::sqrt(difference / norm);
}

class Lfm2 : public testing::TestWithParam<std::tuple<const char*, bool>> {
 protected:
  static std::string stem() {
    return std::string(WICK_TEST_SOURCE_DIR "/tests/lfm2/fixtures/") + std::get<0>(GetParam());
  }
  static bool precise() { return std::get<1>(GetParam()); }

  void SetUp() override {
    runtime_ = std::make_unique<Runtime>(test_runtime_options(2));
    const bool is_sparse = stem().find("lfm2moe") != std::string::npos;
    if (is_sparse && !runtime_->registry().has("arch", "lfm2moe"))
      GTEST_SKIP() << "no plugin offers the architecture lfm2moe";
    ModelOptions options;
    options.path = stem() + ".gguf";
    options.backends = {"cpu"};
    options.precise = precise();
    options.context = 128;
    model_ = Model::load(*runtime_, options);
  }
  Rows reference() {
    Session session(*model_);
    return append(session, session.create(), prompt());
  }

  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<Model> model_;
};

// f32 sums of up to 96 products over four layers; a wrong tap, gate or expert is far above. 8-bit
// activations are within a few percent of a row, and choose other experts where two are near.
TEST_P(Lfm2, LogitsAreThoseOfTransformers) {
  const NpyMatrix want = read_npy(stem() + ".npy");
  const Rows rows = reference();
  ASSERT_EQ(rows.size(), want.n_rows);
  const bool is_sparse = stem().find("lfm2moe") != std::string::npos;
  if (is_sparse && !precise()) GTEST_SKIP() << "experts near each other change places";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::span<const float> expected =
        std::span(want.values).subspan(i * want.n_cols, want.n_cols);
    EXPECT_LE(relative_error(rows[i], expected), precise() ? 2e-5 : 0.1) << "row " << i;
  }
}

TEST_P(Lfm2, PiecesGiveTheSameBytes) {
  const Ids ids = prompt();
  const Rows expected = reference();
  for (std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}}) {
    Session session(*model_);
    const SequenceId sequence = session.create();
    Rows rows;
    for (std::size_t i = 0; i < ids.size(); i += piece)
      extend(rows, append(session, sequence, part(ids, i, i + piece)));
    EXPECT_EQ(rows, expected) << "pieces of " << piece;
  }
}

TEST_P(Lfm2, InterleavedSequencesGiveTheSameBytes) {
  const Ids ids = prompt();
  const Ids other(ids.rbegin(), ids.rend());
  const Rows expected = reference();
  Session session(*model_);
  const SequenceId a = session.create(), b = session.create();
  Rows rows;
  for (std::size_t i = 0; i < ids.size(); i += 5) {
    const Ids of_a = part(ids, i, i + 5), of_b = part(other, i, i + 3);
    const SequenceInput inputs[] = {{b, of_b, WantLogits::kNone}, {a, of_a, WantLogits::kAll}};
    session.evaluate(inputs, [&](std::size_t, std::size_t, std::span<const float> logits) {
      rows.emplace_back(logits.begin(), logits.end());
    });
  }
  EXPECT_EQ(rows, expected);
}

// Every length, but under a sanitizer, where everything takes ten times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kLengthStep = 11;
#else
constexpr std::size_t kLengthStep = 1;
#endif

TEST_P(Lfm2, ForksAndCutsAtEveryLengthGiveTheSameBytes) {
  const Ids ids = prompt();
  const Rows expected = reference();
  const Ids other(ids.rbegin(), ids.rend());
  for (std::size_t n = 1; n < ids.size(); n += kLengthStep) {
    Session session(*model_);
    const SequenceId forked = session.create();
    append(session, forked, part(ids, 0, n));
    const SequenceId copy = session.fork(forked);
    append(session, forked, other);
    Rows rows = append(session, copy, part(ids, n, ids.size()));
    EXPECT_EQ(rows, Rows(expected.begin() + static_cast<std::ptrdiff_t>(n), expected.end()))
        << "forked at " << n;
    session.truncate(copy, static_cast<std::uint32_t>(n));
    append(session, copy, other);
    session.truncate(copy, static_cast<std::uint32_t>(n));
    rows = append(session, copy, part(ids, n, ids.size()));
    EXPECT_EQ(rows, Rows(expected.begin() + static_cast<std::ptrdiff_t>(n), expected.end()))
        << "cut at " << n;
  }
}

std::string name_of(const testing::TestParamInfo<Lfm2::ParamType>& info) {
  return std::string(std::get<0>(info.param)) + (std::get<1>(info.param) ? "_precise" : "_fast");
}

constexpr const char* kModels[] = {"lfm2_cache2_own_output", "lfm2_cache3", "lfm2_cache4",
                                   "lfm2moe", "lfm2moe_all_sparse"};

INSTANTIATE_TEST_SUITE_P(Models, Lfm2,
                         testing::Combine(testing::ValuesIn(kModels), testing::Bool()), name_of);

}  // namespace
}  // namespace wick
