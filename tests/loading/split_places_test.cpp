// Cuts that no plan of ours would make: behind any node, so that several values cross a border, and
// with embedding and output on any device.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <numeric>
#include <vector>

#include "generate/batch.h"
#include "model/model_request.h"
#include "model/segment_loader.h"
#include "session_rows.h"

namespace wick {
namespace {

constexpr std::uint32_t kMaxTokens = 48;

/// A bound model, run by an executor whose parts a test owns.
class PlacedModel {
 public:
  PlacedModel(const std::string& path, std::size_t n_devices)
      : runtime_(test_runtime_options(2)), bound_(BoundModel::open(runtime_.registry(), path)) {
    demand_ = demand_of(*bound_, Loaded::small_options(path, kMaxTokens, false));
    demand_.max_outputs = kMaxTokens;
    devices_ = open_devices(runtime_.registry(), std::vector<std::string>(n_devices, "cpu"));
  }

  const Graph& graph() const { return bound_->graph(); }
  ModelParts& parts() { return demand_.parts; }

  /// Logits of a prompt with some outputs, a step without any, and single tokens.
  Rows run(const Owners& owners) {
    Placement placement{devices_, owners, segments_of(owners, demand_.parts), {}, {}};
    placement.lines.resize(placement.segments.size());
    auto loaded = load_segments(*bound_, demand_, placement, runtime_.pool(), [](double) {});
    n_segments = loaded.sources.size();
    Executor executor(graph(), std::move(loaded.sources), std::move(loaded.weights),
                      {kMaxTokens, kMaxTokens, false});
    executor.reserve_blocks(3);
    const Ids ids = prompt(60, 11);
    Rows rows;
    run_some(executor, std::span(ids).first(40), 0, 3, rows);
    run_some(executor, std::span(ids).subspan(40, 10), 40, 0, rows);
    run_some(executor, std::span(ids).subspan(50, 8), 50, 8, rows);
    run_some(executor, std::span(ids).subspan(58, 1), 58, 0, rows);
    run_some(executor, std::span(ids).subspan(59, 1), 59, 1, rows);
    EXPECT_EQ(rows.size(), 12u);
    return rows;
  }

  std::size_t n_segments = 0;  ///< of the last run

 private:
  static void run_some(Executor& executor, std::span<const std::int32_t> ids, std::uint32_t first,
                       std::uint32_t n_outputs, Rows& rows) {
    const std::vector<std::uint32_t> blocks = {2, 0, 1};
    Batch batch(kMaxTokens, kMaxTokens);
    batch.add_run(0, ids, first, blocks, n_outputs);
    const std::span<const float> logits = executor.run(batch.view());
    for (std::uint32_t i = 0; i < n_outputs; ++i) {
      const auto row =
          logits.subspan(std::size_t{i} * executor.vocab_size(), executor.vocab_size());
      rows.emplace_back(row.begin(), row.end());
    }
  }

  Runtime runtime_;
  std::unique_ptr<BoundModel> bound_;
  ModelDemand demand_;
  std::vector<ListedDevice> devices_;
};

class AnyPlace : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(model_file(GetParam())))
      GTEST_SKIP() << model_file(GetParam()) << " is not here";
  }
};

TEST_P(AnyPlace, BehindEveryNodeACutGivesTheSameBytes) {
  PlacedModel model(model_file(GetParam()), 2);
  const std::size_t n_nodes = model.graph().nodes.size();
  const Rows expected = model.run(Owners(model.parts().count(), 0));
  EXPECT_EQ(model.n_segments, 1u);
  std::size_t most_inputs = 0;
  for (std::size_t n_first = 1; n_first < n_nodes; ++n_first) {
    model.parts().n_layers = 0;
    for (std::size_t i = 0; i < n_nodes; ++i) model.parts().of_node[i] = i < n_first ? 0 : 1;
    const SegmentGraph behind = cut_graph(model.graph(), model.parts(), {false, true});
    most_inputs = std::max(most_inputs,
                           static_cast<std::size_t>(std::count_if(
                               behind.graph.values.begin(), behind.graph.values.end(),
                               [](const Value& value) { return value.kind == WICK_VALUE_INPUT; })));
    EXPECT_EQ(model.run({0, 1}), expected) << "cut behind node " << n_first - 1;
    EXPECT_EQ(model.n_segments, 2u);
  }
  EXPECT_GE(most_inputs, 3u);  // queries, keys and what is added later
}

TEST_P(AnyPlace, EmbeddingAndOutputOnAnyDeviceGiveTheSameBytes) {
  PlacedModel model(model_file(GetParam()), 3);
  const ModelParts parts = model.parts();
  const Rows expected = model.run(Owners(parts.count(), 0));
  for (std::size_t embedding = 0; embedding < 3; ++embedding)
    for (std::size_t output = 0; output < 3; ++output) {
      Owners owners(parts.count(), 1);
      std::fill_n(owners.begin() + 1, parts.n_layers / 2, 0);
      owners[parts.embedding()] = embedding;
      owners[parts.output()] = output;
      EXPECT_EQ(model.run(owners), expected) << "embedding " << embedding << " output " << output;
      EXPECT_EQ(model.n_segments, 2u + (embedding != 0) + (output != 1));
    }
}

INSTANTIATE_TEST_SUITE_P(Models, AnyPlace,
                         testing::Values("tiny", "bundled", "taper-Q8_0", "taper-Q4_K_M"),
                         [](const testing::TestParamInfo<const char*>& which) {
                           std::string name = which.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace wick
