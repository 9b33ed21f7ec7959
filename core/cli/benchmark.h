// Measures tokens per second of a loaded model. Not for printing them: see bench_command.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace wick {
class Model;
class Session;
}  // namespace wick

namespace wick::cli {

struct BenchmarkTest {
  std::uint32_t n_prompt = 0;     ///< tokens evaluated at once; or
  std::uint32_t n_generated = 0;  ///< one after the other
  std::uint32_t depth = 0;        ///< tokens already in the context, not timed
};

/// "pp512", "tg128", "pp512 @ d1024"
std::string test_name(const BenchmarkTest& test);

struct BenchmarkResult {
  BenchmarkTest test;
  std::vector<double> tokens_per_s;  ///< of each round
  double mean() const noexcept;
  double stddev() const noexcept;  ///< of the rounds, n - 1 below; 0 for one
};

/// Runs it once to warm up and then n_rounds times, with random tokens, the same each time.
BenchmarkResult run_benchmark(Model& model, Session& session, const BenchmarkTest& test,
                              std::uint32_t n_rounds);

}  // namespace wick::cli
