// Nanoseconds per region and per barrier, by number of threads: what a step of a plan costs beside
// its work.
#include <benchmark/benchmark.h>

#include <vector>

#include "base/processors.h"
#include "base/thread_pool.h"

namespace {

using wick::ThreadPool;

constexpr int kBarriers = 1000;

void region(benchmark::State& state) {
  ThreadPool pool(static_cast<std::uint32_t>(state.range(0)));
  for (auto _ : state) pool.run([](std::uint32_t, std::uint32_t, wick_team*) {});
}

/// What binding the caller for each region adds.
void bound_region(benchmark::State& state) {
  std::vector<int> processors = wick::allowed_processor_numbers();
  processors.resize(static_cast<std::size_t>(state.range(0)));
  ThreadPool pool(0, processors);
  for (auto _ : state) pool.run([](std::uint32_t, std::uint32_t, wick_team*) {});
}

void barrier(benchmark::State& state) {
  ThreadPool pool(static_cast<std::uint32_t>(state.range(0)));
  for (auto _ : state)
    pool.run([](std::uint32_t, std::uint32_t, wick_team* team) {
      for (int i = 0; i < kBarriers; ++i) ThreadPool::barrier(team);
    });
  state.SetItemsProcessed(state.iterations() * kBarriers);
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  for (std::uint32_t n = 2; n <= wick::allowed_processors(); n *= 2) {
    benchmark::RegisterBenchmark("region", region)->Arg(n)->UseRealTime();
    benchmark::RegisterBenchmark("bound_region", bound_region)->Arg(n)->UseRealTime();
    benchmark::RegisterBenchmark("barrier", barrier)->Arg(n)->UseRealTime();
  }
  benchmark::RunSpecifiedBenchmarks();
}
