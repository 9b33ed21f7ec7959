// Reads both pipes until the child has ended or its time is over. What it started itself may hold
// the pipes open, so their end is not what is waited for.
#include "plugins/child_process.h"

#include "plugins/patience.h"

#include <wick/error.h>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace wick {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTickMilliseconds = 20;
/// A process inside of a driver that hangs in the kernel does not even end when it is killed.
constexpr std::chrono::milliseconds kReapTime{1000};

class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_, O_CLOEXEC) != 0)
      fail(ErrorCode::kIo, "pipe: cannot be made, ", std::strerror(errno));
    // The one that we read: a child that is gone must not make us wait for its children.
    ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
  }
  ~Pipe() {
    ::close(ends_[0]);
    close_writer();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int reader() const noexcept { return ends_[0]; }
  int writer() const noexcept { return ends_[1]; }
  void close_writer() noexcept {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }
  /// Takes what is there. False at the end.
  bool drain(std::string& text, std::size_t most) const {
    std::array<char, 4096> buffer;
    for (;;) {
      const ssize_t n = ::read(ends_[0], buffer.data(), buffer.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return n < 0 && errno == EAGAIN;
      text.append(buffer.data(), std::min(static_cast<std::size_t>(n), most - text.size()));
    }
  }

 private:
  int ends_[2] = {-1, -1};
};

class SpawnSettings {
 public:
  SpawnSettings(const Pipe& answer, const Pipe& said) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, said.writer(), 1);
    ::posix_spawn_file_actions_adddup2(&actions_, said.writer(), 2);
    ::posix_spawn_file_actions_adddup2(&actions_, answer.writer(), kAnswerDescriptor);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    sigset_t all;
    ::sigfillset(&all);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
  }
  ~SpawnSettings() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  pid_t start(const ChildRequest& request) const {
    std::vector<std::string> words = {request.program.string()};
    words.insert(words.end(), request.arguments.begin(), request.arguments.end());
    std::vector<char*> pointers;
    for (auto& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    pid_t child = -1;
    const int failed =
        ::posix_spawn(&child, pointers[0], &actions_, &attributes_, pointers.data(), environ);
    if (failed != 0)
      fail(ErrorCode::kIo, request.program.string(), ": cannot be started, ",
           std::strerror(failed));
    return child;
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

/// Whether it has ended; it stays a zombie, so that its group's number is not given away.
bool has_ended(pid_t child) {
  siginfo_t info = {};
  const int failed = ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT);
  return failed != 0 ? errno != EINTR : info.si_pid == child;
}

void reap(pid_t child, ChildResult& result) {
  ::kill(-child, SIGKILL);
  const auto end = Clock::now() + kReapTime;
  while (!has_ended(child)) {
    if (Clock::now() >= end) return;  // it was too slow already; the system takes it with us
    ::poll(nullptr, 0, kTickMilliseconds);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (result.timed_out) return;
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
}

}  // namespace

ChildResult run_child(const ChildRequest& request) {
  ChildResult result;
  Pipe answer, said;
  const auto end = Clock::now() + request.longest;
  const pid_t child = SpawnSettings(answer, said).start(request);
  Patience patience(child, request.timeout);
  answer.close_writer();
  said.close_writer();
  bool answer_open = true, said_open = true;
  while (!has_ended(child)) {
    result.was_silent = patience.is_over();
    result.timed_out = result.was_silent || Clock::now() >= end;
    if (result.timed_out) break;
    std::array<pollfd, 2> pipes = {{{answer_open ? answer.reader() : -1, POLLIN, 0},
                                    {said_open ? said.reader() : -1, POLLIN, 0}}};
    ::poll(pipes.data(), pipes.size(), kTickMilliseconds);
    const std::size_t n_said = result.answer.size();
    if (answer_open) answer_open = answer.drain(result.answer, request.max_bytes);
    if (result.answer.size() != n_said) patience.renew();
    if (said_open) said_open = said.drain(result.said, request.max_bytes);
  }
  reap(child, result);
  answer.drain(result.answer, request.max_bytes);
  said.drain(result.said, request.max_bytes);
  return result;
}

std::string signal_text(int signal) {
  const char* const name = ::sigabbrev_np(signal);
  const char* const about = ::sigdescr_np(signal);
  std::string text = name ? std::string("SIG") + name : "signal " + std::to_string(signal);
  return about ? text + " (" + about + ")" : text;
}

}  // namespace wick
