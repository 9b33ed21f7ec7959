// Regions and barriers. Every wait spins for a while, because a token's steps are microseconds
// apart, and then sleeps in the kernel, because the next token may be hours away. In between it
// yields: the thread that it waits for may have been put on this very processor.
#include "base/thread_pool.h"

#include "base/affinity.h"
#include "base/log.h"
#include "base/processors.h"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

namespace wick {
namespace {

constexpr auto kAloneTime = std::chrono::microseconds(2);
constexpr auto kSpinTime = std::chrono::microseconds(50);

// Without a destructor, and so safe in a library that may be unloaded.
thread_local bool inside_region = false;

void pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Returns when `value` is no longer `old`. The read that ends it is an acquire.
void wait_for_change(const std::atomic<std::uint32_t>& value, std::uint32_t old,
                     bool spin) noexcept {
  if (spin) {
    const auto begin = std::chrono::steady_clock::now();
    for (auto now = begin; now < begin + kSpinTime; now = std::chrono::steady_clock::now()) {
      for (int i = 0; i < 32; ++i) {
        if (value.load(std::memory_order_acquire) != old) return;
        pause();
      }
      if (now >= begin + kAloneTime) std::this_thread::yield();
    }
  } else {
    for (int i = 0; i < 4; ++i) {
      if (value.load(std::memory_order_acquire) != old) return;
      std::this_thread::yield();
    }
  }
  value.wait(old, std::memory_order_acquire);
}

std::uint32_t threads_for(std::uint32_t wanted, const std::vector<int>& processors) {
  if (wanted == 0 && processors.empty()) wanted = default_thread_count();
  if (wanted == 0) wanted = static_cast<std::uint32_t>(processors.size());
  return std::clamp(wanted, 1u, ThreadPool::kMaxThreads);
}

}  // namespace

ThreadPool::ThreadPool(std::uint32_t n_threads, std::vector<int> processors)
    : processors_(std::move(processors)),
      n_threads_(threads_for(n_threads, processors_)),
      team_(n_threads_, n_threads_ <= allowed_processors()) {
  if (!processors_.empty()) check_processors(processors_, n_threads_);
}

ThreadPool::~ThreadPool() {
  stopping_.store(true, std::memory_order_relaxed);
  epoch_.fetch_add(1, std::memory_order_release);
  epoch_.notify_all();
  for (auto& worker : workers_) worker.join();
}

void ThreadPool::start_workers() noexcept {
  started_ = true;
  try {
    workers_.reserve(n_threads_ - 1);
    for (std::uint32_t i = 1; i < n_threads_; ++i) workers_.emplace_back([this, i] { work(i); });
  } catch (const std::exception& e) {
    log_warning("threads: the system gives {} of {} ({}); lower --threads", workers_.size() + 1,
                n_threads_, e.what());
  }
  team_.n_threads = static_cast<std::uint32_t>(workers_.size()) + 1;
}

void ThreadPool::work(std::uint32_t thread) noexcept {
  inside_region = true;
  if (!processors_.empty() && !bind_thread(processors_[thread]))
    warn_of_unbound(processors_[thread]);
  for (std::uint32_t seen = 0;; ++seen) {
    wait_for_change(epoch_, seen, team_.spin);
    if (stopping_.load(std::memory_order_relaxed)) return;
    body_(argument_, &team_, thread, team_.n_threads);
    if (pending_.fetch_sub(1, std::memory_order_acq_rel) == 1) pending_.notify_one();
  }
}

void ThreadPool::warn_of_unbound(int processor) noexcept {
  if (!warned_.exchange(true))
    log_warning("affinity: the system binds no thread to processor {} any more", processor);
}

void ThreadPool::region(wick_region_body body, void* argument) noexcept {
  if (inside_region || (n_threads_ == 1 && processors_.empty())) {
    wick_team alone(1, false);
    body(argument, &alone, 0, 1);
    return;
  }
  const std::lock_guard<std::mutex> lock(region_mutex_);
  // Before the caller is bound: threads begin with the mask of the one that makes them.
  if (!started_) start_workers();
  if (processors_.empty()) return run_region(body, argument);
  const BoundThread bound(processors_[0]);
  if (!bound.is_bound()) warn_of_unbound(processors_[0]);
  run_region(body, argument);
}

void ThreadPool::run_region(wick_region_body body, void* argument) noexcept {
  body_ = body;
  argument_ = argument;
  pending_.store(team_.n_threads - 1, std::memory_order_relaxed);
  epoch_.fetch_add(1, std::memory_order_release);
  epoch_.notify_all();
  inside_region = true;
  body(argument, &team_, 0, team_.n_threads);
  inside_region = false;
  for (std::uint32_t left = 0; (left = pending_.load(std::memory_order_acquire)) != 0;)
    wait_for_change(pending_, left, team_.spin);
}

void ThreadPool::barrier(wick_team* team) noexcept {
  if (team->n_threads == 1) return;
  // Read before arriving: it cannot move until this thread has arrived.
  const std::uint32_t phase = team->phase.load(std::memory_order_relaxed);
  if (team->arrived.fetch_add(1, std::memory_order_acq_rel) + 1 < team->n_threads) {
    wait_for_change(team->phase, phase, team->spin);
    return;
  }
  team->arrived.store(0, std::memory_order_relaxed);
  team->phase.fetch_add(1, std::memory_order_release);
  team->phase.notify_all();
}

}  // namespace wick
