// How long a child may say nothing. Not for what it may take in all.
#pragma once

#include <sys/types.h>

#include <chrono>

namespace wick {

/// Time runs out for a child that sleeps, and after four times as long for one that computes
/// without an end; not for one whose core others have: a driver's compiler takes its time.
class Patience {
 public:
  using Clock = std::chrono::steady_clock;

  Patience(pid_t child, Clock::duration timeout) : child_(child), timeout_(timeout) { renew(); }
  /// It has said something.
  void renew();
  bool is_over();

 private:
  Clock::duration computed() const noexcept;

  pid_t child_;
  Clock::duration timeout_;
  Clock::duration at_renewal_{}, at_look_{};  // what it had computed
  Clock::time_point renewal_, next_look_;
};

}  // namespace wick
