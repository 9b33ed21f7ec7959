// Ctrl-C, and SIGTERM, by which a system asks programs to end. Not for other signals.
#pragma once

namespace wick {
class Session;
}

namespace wick::cli {

/// From now on Ctrl-C ends the program with exit code 130: at once, or where an InterruptScope is
/// alive by cancelling its session or telling who asks, so that what was written stays whole. A
/// second one ends it at once. SIGTERM is the same, but where Ctrl-C ends it at once, that signal
/// does.
void install_interrupt_handler();

/// True once one of them came.
bool was_interrupted() noexcept;

/// While it lives Ctrl-C cancels this session, or where there is none is seen by was_interrupted()
/// alone. One at a time.
class InterruptScope {
 public:
  InterruptScope();
  explicit InterruptScope(Session& session);
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;
};

}  // namespace wick::cli
