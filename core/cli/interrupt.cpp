// The handler only touches lock-free atomics and calls what may be called from a handler.
#include "cli/interrupt.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

#include "cli/exit_codes.h"
#include "generate/session.h"

namespace wick::cli {
namespace {

std::atomic<Session*> session_to_cancel{nullptr};
std::atomic<bool> is_asked_for{false};  // was_interrupted() is, again and again
std::atomic<bool> interrupted{false};
static_assert(std::atomic<Session*>::is_always_lock_free);
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void handle_interrupt(int number) {
  Session* const session = session_to_cancel.load();
  const bool is_heard = session != nullptr || is_asked_for.load();
  if (!is_heard || interrupted.exchange(true)) {
    if (number == SIGINT) _exit(kExitInterrupted);
    // Who supervises the program sees that it ended by the signal.
    std::signal(number, SIG_DFL);
    static_cast<void>(std::raise(number));
    return;  // it comes once the handler has returned
  }
  if (session != nullptr) session->cancel();
}

}  // namespace

void install_interrupt_handler() {
  // A shell that started us in the background ignores the signal for us; so it stays.
  for (const int number : {SIGINT, SIGTERM})
    if (std::signal(number, handle_interrupt) == SIG_IGN) std::signal(number, SIG_IGN);
}

bool was_interrupted() noexcept {
  return interrupted.load();
}

InterruptScope::InterruptScope() {
  is_asked_for.store(true);
}

InterruptScope::InterruptScope(Session& session) {
  session_to_cancel.store(&session);
}

InterruptScope::~InterruptScope() {
  session_to_cancel.store(nullptr);
  is_asked_for.store(false);
}

}  // namespace wick::cli
