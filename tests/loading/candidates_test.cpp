// A device that offers top_k@1 hands back the likeliest tokens: those of the logits that it hands
// back otherwise. Any driver will do; without one the tests skip.
#include <gtest/gtest.h>

#include "generate/generator.h"
#include "generate/sampler.h"
#include "no_device.h"
#include "session_rows.h"

namespace wick {
namespace {

Loaded loaded_on(const std::string& backend, std::uint32_t n_candidates) {
  ModelOptions options = Loaded::small_options(model_file("bundled"), 16, false);
  options.backends = {backend};
  options.n_candidates = n_candidates;
  return Loaded(options, 2);
}

class DeviceCandidates : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    Runtime runtime(test_runtime_options(1));
    const std::string missing = no_device(runtime.registry(), GetParam());
    if (!missing.empty()) GTEST_SKIP() << missing;
  }
};

std::vector<std::int32_t> text_of(Loaded& loaded, const SamplingOptions& sampling) {
  Session session(*loaded.model);
  GenerationOptions options;
  options.sampling = sampling;
  options.n_tokens = 24;
  const Generator generator(loaded.model->tokenizer(), options);
  return generator.run(prompt(20, 3), evaluate_in(session), {}).ids;
}

TEST_P(DeviceCandidates, AreTheLikeliestOfItsLogits) {
  constexpr std::uint32_t kCandidates = 40;
  Loaded few = loaded_on(GetParam(), kCandidates), all = loaded_on(GetParam(), 0);
  Session some(*few.model), full(*all.model);
  ASSERT_EQ(some.n_candidates(), kCandidates);
  ASSERT_EQ(full.n_candidates(), 0u);
  const SequenceId a = some.create(), b = full.create();
  // A prompt in several batches, then single tokens.
  for (const Ids& ids : {prompt(37, 7), Ids{9}, Ids{11}, Ids{5, 6}}) {
    const Rows rows = append(some, a, ids), logits = append(full, b, ids);
    ASSERT_EQ(rows.size(), logits.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Candidates expected;
      expected.assign_front(logits[i], kCandidates);
      ASSERT_EQ(rows[i].size(), 2 * kCandidates);
      for (std::uint32_t j = 0; j < kCandidates; ++j) {
        EXPECT_EQ(rows[i][j], static_cast<float>(expected.items()[j].id));
        EXPECT_EQ(rows[i][kCandidates + j], expected.items()[j].logit);
      }
    }
  }
}

TEST_P(DeviceCandidates, GiveTheSameTexts) {
  Loaded all = loaded_on(GetParam(), 0);
  SamplingOptions options;
  for (const std::int32_t top_k : {40, 5}) {
    Loaded few = loaded_on(GetParam(), static_cast<std::uint32_t>(top_k));
    options.top_k = top_k;
    for (options.seed = 0; options.seed < 4; ++options.seed)
      EXPECT_EQ(text_of(few, options), text_of(all, options)) << "seed " << options.seed;
  }
  Loaded greedy = loaded_on(GetParam(), 1);
  options.temperature = 0;
  EXPECT_EQ(text_of(greedy, options), text_of(all, options));
}

TEST_P(DeviceCandidates, AreLogitsWhereTheyAreTooManyOrAll) {
  EXPECT_EQ(Session(*loaded_on(GetParam(), 257).model).n_candidates(), 0u);
  EXPECT_EQ(Session(*loaded_on(GetParam(), 1u << 20).model).n_candidates(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Backends, DeviceCandidates, testing::Values("vulkan", "opencl"),
                         [](const auto& which) { return std::string(which.param); });

TEST(HostCandidates, AreLogitsWhereTheyLieInHostMemory) {
  EXPECT_EQ(Session(*loaded_on("cpu", 40).model).n_candidates(), 0u);
}

}  // namespace
}  // namespace wick
