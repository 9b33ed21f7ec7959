// The context is filled once a test; each round cuts the sequence back to it.
#include "cli/benchmark.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <span>

#include "generate/random.h"
#include "generate/session.h"
#include "model/model.h"

namespace wick::cli {
namespace {

std::vector<std::int32_t> random_tokens(const Model& model, std::uint32_t n) {
  // Any ids will do, but not one id: the embedding rows would stay in the cache.
  Random random(1);
  std::vector<std::int32_t> ids(n);
  for (std::int32_t& id : ids)
    id = static_cast<std::int32_t>(random.below(model.facts().vocab_size));
  return ids;
}

double seconds_of_round(Session& session, SequenceId sequence, const BenchmarkTest& test,
                        std::span<const std::int32_t> tokens) {
  session.truncate(sequence, test.depth);
  const auto begin = std::chrono::steady_clock::now();
  if (test.n_prompt > 0) {
    session.evaluate(sequence, tokens);
  } else {
    for (const std::int32_t& token : tokens) session.evaluate(sequence, std::span(&token, 1));
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

std::string test_name(const BenchmarkTest& test) {
  std::string name = test.n_prompt > 0 ? fmt::format("pp{}", test.n_prompt)
                                       : fmt::format("tg{}", test.n_generated);
  if (test.depth > 0) name += fmt::format(" @ d{}", test.depth);
  return name;
}

double BenchmarkResult::mean() const noexcept {
  return std::accumulate(tokens_per_s.begin(), tokens_per_s.end(), 0.0) /
         static_cast<double>(std::max<std::size_t>(1, tokens_per_s.size()));
}

double BenchmarkResult::stddev() const noexcept {
  if (tokens_per_s.size() < 2) return 0;
  double sum = 0;
  for (const double value : tokens_per_s) sum += (value - mean()) * (value - mean());
  return std::sqrt(sum / static_cast<double>(tokens_per_s.size() - 1));
}

BenchmarkResult run_benchmark(Model& model, Session& session, const BenchmarkTest& test,
                              std::uint32_t n_rounds) {
  const std::uint32_t n = test.n_prompt > 0 ? test.n_prompt : test.n_generated;
  const std::vector<std::int32_t> tokens = random_tokens(model, n);
  const SequenceId sequence = session.create();
  if (test.depth > 0) {
    const std::vector<std::int32_t> before = random_tokens(model, test.depth);
    const SequenceInput input[] = {{sequence, before, WantLogits::kNone}};
    session.evaluate(input, {});
  }
  BenchmarkResult result{test, {}};
  // Generation is warm after one token, a prompt after all of it.
  const std::size_t n_warm = test.n_prompt > 0 ? tokens.size() : 1;
  seconds_of_round(session, sequence, test, std::span(tokens).first(n_warm));
  for (std::uint32_t round = 0; round < n_rounds; ++round)
    result.tokens_per_s.push_back(n / seconds_of_round(session, sequence, test, tokens));
  session.remove(sequence);
  return result;
}

}  // namespace wick::cli
