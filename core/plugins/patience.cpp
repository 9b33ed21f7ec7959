// See patience.h.
#include "plugins/patience.h"

#include <ctime>

namespace wick {
namespace {

/// Of the time between two looks; a child that has computed less was asleep.
constexpr int kLeastShare = 20;
/// Timeouts for which it may compute: compilers take long, and have threads.
constexpr int kMostComputing = 4;

}  // namespace

void Patience::renew() {
  at_renewal_ = at_look_ = computed();
  renewal_ = Clock::now();
  next_look_ = renewal_ + timeout_;
}

bool Patience::is_over() {
  if (Clock::now() < next_look_) return false;
  const Clock::duration now = computed(), most = kMostComputing * timeout_;
  if (now - at_look_ < timeout_ / kLeastShare) return true;
  if (now - at_renewal_ >= most && Clock::now() - renewal_ >= most) return true;
  at_look_ = now;
  next_look_ += timeout_;
  return false;
}

/// By all its threads. 0 where the system does not tell: then all time counts.
Patience::Clock::duration Patience::computed() const noexcept {
  clockid_t clock;
  timespec time{};
  if (::clock_getcpuclockid(child_, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return {};
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace wick
