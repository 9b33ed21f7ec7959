// The host's threads, in parallel regions with a barrier. Not for background work: a region ends
// before its caller goes on.
#pragma once

#include <wick/abi/host.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

/// The threads of one region. Opaque to plugins.
struct wick_team {
  explicit wick_team(std::uint32_t threads, bool may_spin) noexcept
      : n_threads(threads), spin(may_spin) {}
  std::uint32_t n_threads;
  bool spin;
  alignas(64) std::atomic<std::uint32_t> arrived{0};
  alignas(64) std::atomic<std::uint32_t> phase{0};
};

namespace wick {

/// Threads start with the first region, wait between regions by spinning for some 50 us, then
/// sleep. With more threads than processors nobody spins. Any thread may call any function; a
/// region that comes while another runs waits for its end, a region inside a region (of this or
/// another pool) runs on its caller alone.
class ThreadPool {
 public:
  static constexpr std::uint32_t kMaxThreads = 1024;

  /// 0: default_thread_count() of base/processors.h. The caller of a region is one of them.
  explicit ThreadPool(std::uint32_t n_threads) : ThreadPool(n_threads, {}) {}
  /// Thread i is bound to processors[i], the caller of a region for as long as that takes; 0
  /// threads: one for each. No processors: nobody is bound. Errors: check_processors of
  /// base/affinity.h.
  ThreadPool(std::uint32_t n_threads, std::vector<int> processors);
  /// No region may be running.
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  std::uint32_t n_threads() const noexcept { return n_threads_; }

  /// body(argument, team, thread, n_threads) once on each of n_threads() threads, the caller being
  /// thread 0; returns when all have. Where the system refuses threads the team is smaller: body
  /// goes by the n_threads that it is given.
  void region(wick_region_body body, void* argument) noexcept;

  /// Returns when every thread of the team has called it.
  static void barrier(wick_team* team) noexcept;

  /// body(thread, n_threads, team); must not throw.
  template <class Body>
  void run(Body&& body) noexcept {
    using Plain = std::remove_reference_t<Body>;
    region([](void* argument, wick_team* team, std::uint32_t thread,
              std::uint32_t n) noexcept { (*static_cast<Plain*>(argument))(thread, n, team); },
           const_cast<void*>(static_cast<const void*>(&body)));
  }

  /// body(i) for i in [0, n), each once, handed out as threads become free; must not throw.
  template <class Body>
  void parallel_for(std::uint64_t n, Body body) noexcept {
    std::atomic<std::uint64_t> next{0};
    run([&](std::uint32_t, std::uint32_t, wick_team*) {
      for (std::uint64_t i = next++; i < n; i = next++) body(i);
    });
  }

 private:
  void start_workers() noexcept;
  void work(std::uint32_t thread) noexcept;
  void run_region(wick_region_body body, void* argument) noexcept;
  void warn_of_unbound(int processor) noexcept;

  const std::vector<int> processors_;  // that threads are bound to; empty: to none
  std::uint32_t n_threads_;
  wick_team team_;
  std::mutex region_mutex_;  // held by the one region that runs
  std::vector<std::thread> workers_;
  wick_region_body body_ = nullptr;
  void* argument_ = nullptr;
  bool started_ = false;
  std::atomic<bool> warned_{false};
  std::atomic<bool> stopping_{false};
  alignas(64) std::atomic<std::uint32_t> epoch_{0};    // counts regions: workers wait for a change
  alignas(64) std::atomic<std::uint32_t> pending_{0};  // workers that are still in the region
};

}  // namespace wick
