// A device that offers top_k@1 hands back the likeliest tokens: those of the logits that it hands
// back otherwise. Any driver will do; without one the tests skip.
#include <gtest/gtest.h>
#include <wick/error.h>

#include "generate/generator.h"
#include "generate/sampler.h"
#include "plugins/device_check.h"
#include "session_rows.h"

namespace wick {
namespace {

constexpr const char* kBackend = "vulkan";

Loaded loaded_on(const std::string& backend, std::uint32_t n_candidates) {
  ModelOptions options = Loaded::small_options(model_file("bundled"), 16, false);
  options.backends = {backend};
  options.n_candidates = n_candidates;
  return Loaded(options, 2);
}

class DeviceCandidates : public testing::Test {
 protected:
  void SetUp() override {
    Runtime runtime(test_runtime_options(1));
    try {
      const DeviceReport report = check_devices(runtime.registry().find("backend", kBackend));
      if (report.state != PluginState::kLoaded) GTEST_SKIP() << report.sentence;
    } catch (const Error& e) {
      GTEST_SKIP() << e.what();
    }
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

TEST_F(DeviceCandidates, AreTheLikeliestOfItsLogits) {
  constexpr std::uint32_t kCandidates = 40;
  Loaded few = loaded_on(kBackend, kCandidates), all = loaded_on(kBackend, 0);
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

TEST_F(DeviceCandidates, GiveTheSameTexts) {
  Loaded all = loaded_on(kBackend, 0);
  SamplingOptions options;
  for (const std::int32_t top_k : {40, 5}) {
    Loaded few = loaded_on(kBackend, static_cast<std::uint32_t>(top_k));
    options.top_k = top_k;
    for (options.seed = 0; options.seed < 4; ++options.seed)
      EXPECT_EQ(text_of(few, options), text_of(all, options)) << "seed " << options.seed;
  }
  Loaded greedy = loaded_on(kBackend, 1);
  options.temperature = 0;
  EXPECT_EQ(text_of(greedy, options), text_of(all, options));
}

TEST_F(DeviceCandidates, AreLogitsWhereTheyAreTooManyOrAll) {
  EXPECT_EQ(Session(*loaded_on(kBackend, 257).model).n_candidates(), 0u);
  EXPECT_EQ(Session(*loaded_on(kBackend, 1u << 20).model).n_candidates(), 0u);
}

TEST(HostCandidates, AreLogitsWhereTheyLieInHostMemory) {
  EXPECT_EQ(Session(*loaded_on("cpu", 40).model).n_candidates(), 0u);
}

}  // namespace
}  // namespace wick
