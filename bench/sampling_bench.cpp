// Nanoseconds to choose one token of a large vocabulary: what sampling adds on the host to the time
// that the model takes. Logits are as a model gives them: most far below the likeliest.
#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "generate/sampler.h"

namespace {

using wick::SamplerChain;
using wick::SamplingOptions;

constexpr std::size_t kVocabulary = 128256;
/// Taken in turn, so that no branch is learnt by heart.
constexpr std::size_t kTokens = 16;

const std::vector<float>& logits_of_token(std::size_t token) {
  static const std::vector<std::vector<float>> all = [] {
    std::mt19937 random(1);
    std::normal_distribution<float> normal(0, 3);
    std::vector<std::vector<float>> tokens(kTokens, std::vector<float>(kVocabulary));
    for (auto& logits : tokens)
      for (float& logit : logits) logit = normal(random);
    return tokens;
  }();
  return all[token % kTokens];
}

void sample(benchmark::State& state, const SamplingOptions& options) {
  SamplerChain sampler(options);
  std::size_t token = 0;
  logits_of_token(token);
  for (auto _ : state) {
    const std::int32_t id = sampler.sample(logits_of_token(token++));
    sampler.accept(id);
    benchmark::DoNotOptimize(id);
  }
}

void add(const char* name, void (*change)(SamplingOptions&)) {
  SamplingOptions options;
  change(options);
  benchmark::RegisterBenchmark(name, sample, options)->Unit(benchmark::kMicrosecond);
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  add("default", [](SamplingOptions&) {});
  add("greedy", [](SamplingOptions& options) { options.temperature = 0; });
  add("top_k_40_top_p", [](SamplingOptions& options) { options.min_p = 0; });
  add("top_k_1000", [](SamplingOptions& options) { options.top_k = 1000; });
  add("penalties", [](SamplingOptions& options) { options.repeat_penalty = 1.1; });
  add("greedy_penalties", [](SamplingOptions& options) {
    options.temperature = 0;
    options.repeat_penalty = 1.1;
  });
  add("min_p_alone", [](SamplingOptions& options) {
    options.top_k = 0;
    options.top_p = 1;
  });
  add("top_p_alone", [](SamplingOptions& options) {
    options.top_k = 0;
    options.min_p = 0;
  });
  benchmark::RunSpecifiedBenchmarks();
}
