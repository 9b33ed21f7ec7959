// Several short samples each: on a virtual machine the neighbours slow some of them. For arithmetic
// the fastest counts, since nothing can make it too fast; for memory, where the last cache may help
// one pass or another, the median.
#include "machine_limits.h"

#include <wick/abi/base.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>

#include "device.h"
#include "memory.h"

namespace wick::cpu {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kSamples = 15;
constexpr double kSampleSeconds = 0.004;
constexpr std::uint64_t kLeastReadBytes = std::uint64_t{64} << 20,
                        kMostReadBytes = std::uint64_t{1} << 30;

/// Seconds of work(thread), by the first n threads of the pool together, the shortest first. One
/// sample more wakes the threads and raises the clock.
template <class Work>
std::array<double, kSamples> sorted_seconds(const sdk::Host& host, std::uint32_t n_threads,
                                            const Work& work) {
  std::array<double, kSamples> seconds{};
  auto body = [&](const sdk::Team& team) noexcept {
    for (std::size_t i = 0; i <= kSamples; ++i) {
      team.barrier();
      const Clock::time_point begin = Clock::now();
      if (team.thread() < n_threads) work(team.thread());
      team.barrier();
      if (team.thread() == 0 && i > 0)
        seconds[i - 1] = std::chrono::duration<double>(Clock::now() - begin).count();
    }
  };
  host.region(body);
  std::sort(seconds.begin(), seconds.end());
  return seconds;
}

std::uint64_t rate(double amount, double seconds) {
  return static_cast<std::uint64_t>(amount / std::max(seconds, 1e-9));
}

std::uint64_t macs_per_second(const sdk::Host& host, std::uint32_t n_threads, const MacLoop& loop) {
  if (!loop.run) return WICK_UNKNOWN;
  // As many rounds as fill a sample, by a first look at the speed.
  std::uint64_t n_rounds = 1000;
  double seconds = 0;
  for (; seconds < kSampleSeconds / 8; n_rounds *= 2) {
    const Clock::time_point begin = Clock::now();
    loop.run(n_rounds);
    seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  }
  n_rounds =
      static_cast<std::uint64_t>(static_cast<double>(n_rounds / 2) * kSampleSeconds / seconds) + 1;
  const auto taken =
      sorted_seconds(host, n_threads, [&](std::uint32_t) noexcept { loop.run(n_rounds); });
  return rate(static_cast<double>(n_rounds * loop.macs_per_round) * n_threads, taken.front());
}

/// Several times what the last cache holds, where the memory is there.
std::uint64_t read_size() {
  const long cache =
#ifdef _SC_LEVEL3_CACHE_SIZE
      sysconf(_SC_LEVEL3_CACHE_SIZE);
#else
      0;
#endif
  const std::uint64_t wanted = cache > 0 ? 8 * static_cast<std::uint64_t>(cache) : 0;
  const std::uint64_t most = std::min(kMostReadBytes, Device::memory().free / 4);
  return std::max(kLeastReadBytes, std::min(most, std::max(wanted, 4 * kLeastReadBytes)));
}

std::uint64_t bytes_per_second(const sdk::Host& host, std::uint32_t n_threads) {
  const std::uint64_t part = read_size() / n_threads / kReadStep * kReadStep;
  const Memory memory(part * n_threads, Pages::kHuge);
  // Written by the thread that reads it: on a large machine the memory lies beside that thread.
  auto touch = [&](const sdk::Team& team) noexcept {
    if (team.thread() < n_threads) std::memset(memory.data() + part * team.thread(), 1, part);
  };
  host.region(touch);
  const auto taken = sorted_seconds(host, n_threads, [&](std::uint32_t thread) noexcept {
    read_bytes(memory.data() + part * thread, part);
  });
  return rate(static_cast<double>(part) * n_threads, taken[kSamples / 2]);
}

/// A pool may have got fewer threads from the system than it was made for.
std::uint32_t team_size(const sdk::Host& host) {
  std::uint32_t n = 1;
  auto ask = [&](const sdk::Team& team) noexcept {
    if (team.thread() == 0) n = team.n_threads();
  };
  host.region(ask);
  return n;
}

}  // namespace

Limits LimitMeter::measure(const sdk::Host& host, std::uint32_t n_threads) const {
  const std::uint32_t all = team_size(host);
  const std::uint32_t n = n_threads == 0 ? all : std::min(n_threads, all);
  Limits limits{};
  limits.n_threads = n;
  limits.read_bytes = bytes_per_second(host, n);
  limits.int8_macs = macs_per_second(host, n, loops_.int8);
  limits.f16_macs = macs_per_second(host, n, loops_.f16);
  limits.bf16_macs = macs_per_second(host, n, loops_.bf16);
  limits.f32_macs = macs_per_second(host, n, loops_.f32);
  return limits;
}

}  // namespace wick::cpu
