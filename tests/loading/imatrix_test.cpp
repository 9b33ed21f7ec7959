// Importance that a model's run collects, against the kit's plain reference run of the same graph,
// on every way of cutting the work; and that looking changes nothing.
#include <gtest/gtest.h>
#include <wick/error.h>

#include <conformance/batch_fixture.h>
#include <conformance/reference/interpreter.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "generate/text_windows.h"
#include "model/bound_model.h"
#include "quantize/importance_collector.h"
#include "quantize/weight_type.h"
#include "session_rows.h"
#include "text/tokenizer.h"
#include "text/vocabulary.h"
#include "tiny_model.h"

namespace wick {
namespace {

constexpr std::uint32_t kWindow = 40;  // longer than a state block
const char* const kText =
    "Once upon a time, 7 wicks burnt in 1 row. The first was long, the second short, and the third "
    "had never seen a flame. So they waited, and the evening came.";

struct Expected {
  std::vector<double> sums;    // [n_matrices, n_cols]
  std::vector<double> counts;  // [n_matrices]
};
using ExpectedSums = std::map<std::string, Expected>;

/// Sums over the plain run of a graph: nothing of the code under test is used.
class Oracle {
 public:
  explicit Oracle(const BoundModel& model, Registry& registry)
      : view_(&graph_api(), to_abi(model.graph())), values_(view_.values().size()) {
    for (const WeightSource& source : model.weights()) {
      const WeightType type = stored_weight_type(registry, source.tensor->type_id,
                                                 std::string(source.tensor->type_name));
      std::vector<float> floats(source.n_rows * source.n_cols);
      type.decode(source.tensor->data.data(), floats.size(), floats.data());
      reference::Matrix& matrix = values_[source.value];
      matrix = reference::Matrix(source.n_rows, source.n_cols);
      std::copy(floats.begin(), floats.end(), matrix.values.begin());
    }
  }

  void add_window(std::span<const std::int32_t> ids) {
    std::vector<std::uint32_t> blocks(ids.size() / WICK_BLOCK_TOKENS + 1);
    for (std::uint32_t i = 0; i < blocks.size(); ++i) blocks[i] = i;
    conformance::BatchFixture batch({{0, 0, static_cast<std::uint32_t>(ids.size()), blocks}},
                                    [&](std::uint32_t, std::uint32_t p) { return ids[p]; });
    batch.want_all();
    reference::States states(view_, blocks.size());
    reference::Interpreter(view_).run(batch.get(), states, values_);
    for (const sdk::GraphNode& node : view_.nodes()) {
      if (node.op == "matmul@1") add(node);
      if (node.op == "matmul_experts@1") add_experts(node);
    }
  }
  const ExpectedSums& sums() const { return sums_; }

 private:
  Expected& entry(std::uint32_t weight, std::size_t n_matrices, std::size_t n_cols) {
    Expected& made = sums_[view_.values()[weight].name];
    made.sums.resize(n_matrices * n_cols);
    made.counts.resize(n_matrices);
    return made;
  }
  void add(const sdk::GraphNode& node) {
    const reference::Matrix& x = values_[node.inputs[0]];
    Expected& to = entry(node.inputs[1], 1, x.width);
    for (std::size_t row = 0; row < x.n_rows; ++row)
      for (std::size_t i = 0; i < x.width; ++i) to.sums[i] += x.row(row)[i] * x.row(row)[i];
    to.counts[0] += static_cast<double>(x.n_rows);
  }
  void add_experts(const sdk::GraphNode& node) {
    const reference::Matrix &x = values_[node.inputs[0]], &routes = values_[node.inputs[1]];
    const std::vector<std::int64_t>& dims = view_.values()[node.inputs[2]].dims;
    const auto n_cols = static_cast<std::size_t>(dims[2]);
    Expected& to = entry(node.inputs[2], static_cast<std::size_t>(dims[0]), n_cols);
    for (std::size_t row = 0; row < x.n_rows; ++row)
      for (std::size_t slot = 0; slot < routes.width / 2; ++slot) {
        const auto expert = static_cast<std::size_t>(routes.row(row)[slot]);
        const double* part = x.row(row) + (x.width == n_cols ? 0 : slot * n_cols);
        for (std::size_t i = 0; i < n_cols; ++i) to.sums[expert * n_cols + i] += part[i] * part[i];
        to.counts[expert] += 1;
      }
  }

  const sdk::GraphView view_;
  std::vector<reference::Matrix> values_;
  ExpectedSums sums_;
};

std::string file_of(const std::string& name) {
  return name == "tiny" || name == "bundled"
             ? model_file(name)
             : WICK_TEST_SOURCE_DIR "/tests/lfm2/fixtures/" + name + ".gguf";
}

ModelOptions observed(const std::string& path, std::uint32_t max_tokens, bool precise) {
  ModelOptions options = Loaded::small_options(path, max_tokens, precise);
  options.observe_products = true;
  return options;
}

Importance collected(const std::string& path, std::uint32_t max_tokens, bool precise) {
  Loaded loaded(observed(path, max_tokens, precise), 2);
  Session session(*loaded.model);
  CollectOptions options;
  options.window = kWindow;
  return collect_importance(*loaded.model, session, kText, options);
}

ExpectedSums expected(const std::string& path) {
  Runtime runtime(test_runtime_options(1));
  const auto model = BoundModel::open(runtime.registry(), path);
  const auto tokenizer = Tokenizer::create(vocabulary_from_gguf(model->file()));
  const TextWindows windows("test", *tokenizer, kText, kWindow);
  Oracle oracle(*model, runtime.registry());
  for (std::size_t i = 0; i < windows.size(); ++i) oracle.add_window(windows[i]);
  return oracle.sums();
}

/// |a - b| / |b|.
double relative_error(const std::vector<float>& a, const std::vector<double>& b) {
  double off = 0, norm = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    const double d = static_cast<double>(a[i]) - b[i];
    off += d * d, norm += b[i] * b[i];
  }
  return std::sqrt(off / norm);
}

class CollectedImportance : public testing::TestWithParam<const char*> {};

// f32 throughout: activations are some 1e-6 off the doubles of the oracle, and their squares twice
// that; layers and the softmax carry it on. 1e-4 leaves room; a wrong column, row or expert is off
// by far more.
TEST_P(CollectedImportance, IsThatOfThePlainRun) {
  const std::string path = file_of(GetParam());
  const ExpectedSums want = expected(path);
  for (const std::uint32_t max_tokens : {7u, 512u}) {
    const Importance got = collected(path, max_tokens, true);
    ASSERT_EQ(got.entries.size(), want.size());
    for (const auto& [name, sums] : want) {
      const ColumnSums& entry = got.entries.at(name);
      EXPECT_EQ(std::vector<double>(entry.counts.begin(), entry.counts.end()), sums.counts) << name;
      ASSERT_EQ(entry.sums.size(), sums.sums.size()) << name;
      EXPECT_LT(relative_error(entry.sums, sums.sums), 1e-4) << name << ", by " << max_tokens;
    }
  }
}

// Products with activations of 8 bits: each is off by 1 / 256 of the largest of its group or so.
TEST_P(CollectedImportance, IsNearTheOneOfThePlainRunWhereKernelsAreFast) {
  const std::string path = file_of(GetParam());
  const ExpectedSums want = expected(path);
  const Importance got = collected(path, 512, false);
  for (const auto& [name, sums] : want) {
    const ColumnSums& entry = got.entries.at(name);
    if (entry.n_matrices() > 1) continue;  // of two experts that are close either may be chosen
    EXPECT_LT(relative_error(entry.sums, sums.sums), 0.1) << name;
  }
}

TEST_P(CollectedImportance, ComesFromRunsWithTheLogitsOfAnyOther) {
  const std::string path = file_of(GetParam());
  const Ids ids = prompt(75, 11);
  for (const bool precise : {false, true}) {
    Loaded seen(observed(path, 512, precise), 2), unseen(path, 2, 512, precise);
    Session one(*seen.model), other(*unseen.model);
    EXPECT_EQ(append(one, one.create(), ids), append(other, other.create(), ids));
  }
}

INSTANTIATE_TEST_SUITE_P(Models, CollectedImportance,
                         testing::Values("tiny", "bundled", "lfm2_cache3", "lfm2moe",
                                         "lfm2moe_all_sparse"),
                         [](const auto& which) { return std::string(which.param); });

TEST(Importance, CountsEachTokenOnceForEachExpertThatItUses) {
  const Importance got = collected(file_of("lfm2moe"), 512, true);
  const std::uint64_t n_tokens = std::uint64_t{got.n_windows} * got.window;
  std::size_t n_mixtures = 0;
  for (const auto& [name, entry] : got.entries) {
    if (entry.n_matrices() == 1) {
      EXPECT_EQ(entry.counts, std::vector<float>{static_cast<float>(n_tokens)}) << name;
      continue;
    }
    ++n_mixtures;
    double sum = 0;
    for (const float count : entry.counts) {
      EXPECT_LE(count, static_cast<float>(n_tokens)) << name;
      sum += static_cast<double>(count);
    }
    EXPECT_EQ(std::fmod(sum, static_cast<double>(n_tokens)), 0.0) << name;
  }
  EXPECT_GT(n_mixtures, 0u);
}

TEST(Importance, NeedsATextOfOneWindow) {
  Loaded loaded(observed(file_of("tiny"), 512, false), 1);
  Session session(*loaded.model);
  CollectOptions options;
  options.window = 200;
  try {
    collect_importance(*loaded.model, session, "short", options);
    ADD_FAILURE() << "it took a short text";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kBadArgument);
    EXPECT_NE(std::string(e.what()).find("too short"), std::string::npos);
  }
}

}  // namespace
}  // namespace wick
