// How attention is handed out among threads: every head once, and no thread without any where there
// are enough heads. Not for what is computed: see attention_test.cpp.
#include <gtest/gtest.h>

#include <mutex>
#include <thread>
#include <vector>

#include "claims.h"
#include "conformance/cases/attention.h"
#include "isa.h"
#include "program.h"

namespace wick::cpu {
namespace {

constexpr std::uint32_t kHeads = 32, kKvHeads = 8, kDim = 16;

/// What the kernel was asked for; kernels are plain functions.
std::mutex mutex;
std::vector<AttentionTask> tasks;
const AttentionKernels kRemembers = {[](const AttentionTask& task) {
                                       const std::lock_guard<std::mutex> lock(mutex);
                                       tasks.push_back(task);
                                     },
                                     [](const KvStoreTask&) {}, KvType::kF16};

class AttentionClaims : public ::testing::Test {
 protected:
  AttentionClaims() {
    ProgramRequest request{};
    request.graph = &graph_;
    request.max_tokens = request.max_outputs = 2;
    request.kernels = usable_kernels().front();
    request.kernels.attention = &kRemembers;
    program_ = std::make_unique<Program>(request);
    memory_.assign(program_->values().size(), std::vector<float>(2 * kHeads * kDim));
    for (auto& value : memory_) values_.push_back(reinterpret_cast<std::uint8_t*>(value.data()));
    state_.resize(2);
  }

  static conformance::Experiment experiment() {
    conformance::Random random(1);
    conformance::Draft draft({"", {{conformance::run_of(0, 0, 1)}}},
                             conformance::InputClass::kNormal, random);
    return draft.finish(
        conformance::attention_node(draft, {"", kHeads, kKvHeads, kDim, kDim, 0, 0}));
  }

  /// One token of each of n_runs sequences; returns how many claims there were.
  std::size_t n_claims(std::uint32_t n_runs, std::uint32_t n_threads) {
    std::vector<conformance::RunSpec> runs;
    std::vector<TokenTile> tiles;
    for (std::uint32_t i = 0; i < n_runs; ++i) {
      runs.push_back({i, 5, 1, {i}});
      tiles.push_back({i, 0, 1});
    }
    const conformance::BatchFixture fixture(runs, [](std::uint32_t, std::uint32_t) { return 0; });
    const wick_batch batch = fixture.get();
    const Step& step = *program_->steps().back();
    std::vector<std::uint8_t> scratch(program_->scratch_bytes() * n_threads);
    Claims claims(1, n_threads);
    const RunContext run{&batch,
                         values_.data(),
                         &state_,
                         tiles.data(),
                         n_runs,
                         scratch.data(),
                         program_->scratch_bytes(),
                         &claims};
    tasks.clear();
    claims.start();
    std::vector<std::thread> threads;
    for (std::uint32_t t = 0; t < n_threads; ++t)
      threads.emplace_back([&, t] { step.run(run, sdk::Team(nullptr, nullptr, t, n_threads)); });
    for (std::thread& thread : threads) thread.join();
    return tasks.size();
  }

  /// Of the last n_claims(), by row and head, how often each was attended, with the right keys.
  std::vector<int> n_attended(std::uint32_t n_runs) {
    std::vector<int> n(std::size_t{n_runs} * kHeads);
    const Step& step = *program_->steps().back();
    const auto* q = reinterpret_cast<const float*>(values_[step.reads[0]]);
    const StatePlace& place = program_->states().places[0];
    for (const AttentionTask& task : tasks) {
      const auto first = static_cast<std::size_t>(task.q - q) / kDim;
      const std::uint64_t kv_head = first % kHeads / (kHeads / kKvHeads);
      for (std::size_t i = 0; i < task.shape.n_queries_per_token; ++i)
        n[first + i] += task.keys_at == place.at + kv_head * place.key_bytes &&
                        (first + i) % kHeads / (kHeads / kKvHeads) == kv_head;
    }
    return n;
  }

  conformance::Experiment experiment_ = experiment();
  sdk::GraphView graph_{conformance::graph_api(), experiment_.setup.graph.handle()};
  std::unique_ptr<Program> program_;
  std::vector<std::vector<float>> memory_;
  std::vector<std::uint8_t*> values_;
  State state_{program_layout()};

 private:
  StateLayout program_layout() const { return StateLayout(graph_.states(), KvType::kF32); }
};

TEST_F(AttentionClaims, AreAsManyAsThreadsWhereHeadsOfKeysAreFewer) {
  for (const auto& [n_threads, want] : {std::pair{16u, 16u}, {17u, 16u}, {32u, 32u}, {64u, 32u}}) {
    EXPECT_EQ(n_claims(1, n_threads), want) << n_threads << " threads";
    EXPECT_EQ(n_attended(1), std::vector<int>(kHeads, 1)) << n_threads << " threads";
  }
}

TEST_F(AttentionClaims, ReadKeysOnceWhereThreadsHaveEnough) {
  for (const std::uint32_t n_threads : {1u, 2u, 8u, 12u}) {
    EXPECT_EQ(n_claims(1, n_threads), kKvHeads) << n_threads << " threads";
    EXPECT_EQ(n_attended(1), std::vector<int>(kHeads, 1)) << n_threads << " threads";
  }
}

TEST_F(AttentionClaims, CountWhatAllSequencesGive) {
  EXPECT_EQ(n_claims(2, 16), 2 * kKvHeads);
  EXPECT_EQ(n_attended(2), std::vector<int>(2 * kHeads, 1));
  EXPECT_EQ(n_claims(2, 32), 4 * kKvHeads);
  EXPECT_EQ(n_attended(2), std::vector<int>(2 * kHeads, 1));
}

}  // namespace
}  // namespace wick::cpu
