// Binding threads to processors. Not for how many there should be: see processors.h.
#pragma once

#include <sched.h>

#include <cstdint>
#include <vector>

namespace wick {

/// Numbers of processors are below this: no kernel is built for more.
inline constexpr int kMaxProcessors = 8192;

/// Errors: kUnavailable for one that the calling thread may not use, kUsage for one that is
/// named twice and for fewer than n_threads.
void check_processors(const std::vector<int>& processors, std::uint32_t n_threads);

/// The calling thread runs on `processor` alone from here on. False where the system refuses.
bool bind_thread(int processor) noexcept;

/// Binds the calling thread while it lives, then gives the thread back the mask that it had, so
/// that threads which it makes elsewhere are free.
class BoundThread {
 public:
  explicit BoundThread(int processor) noexcept;
  ~BoundThread();
  BoundThread(const BoundThread&) = delete;
  BoundThread& operator=(const BoundThread&) = delete;

  bool is_bound() const noexcept { return is_bound_; }

 private:
  unsigned long before_[kMaxProcessors / (8 * sizeof(unsigned long))] = {};
  bool is_bound_ = false;
};

}  // namespace wick
