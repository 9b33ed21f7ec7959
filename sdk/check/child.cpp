// Rows travel as lines of fields between tabs. The child's standard output goes to standard error:
// ours is for the report.
#include "child.h"

#include <wick/error.h>

#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <sstream>

namespace wick::check {
namespace {

using Clock = std::chrono::steady_clock;

std::string one_field(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return text;
}

/// Reads until the end, or until the time is over, which is false.
bool read_all(int descriptor, Clock::time_point end, std::string& text) {
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left <= 0) return false;
    pollfd waited = {descriptor, POLLIN, 0};
    if (::poll(&waited, 1, static_cast<int>(std::min<long long>(left, 60000))) <= 0) continue;
    std::array<char, 4096> buffer;
    const ssize_t n = ::read(descriptor, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return true;
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

/// Adds the rows; returns the subject that was begun last and not ended.
std::string add_rows(const std::string& part, const std::string& text, Report& report) {
  std::string open = "start";
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string kind, subject, rest;
    std::getline(fields, kind, '\t');
    std::getline(fields, subject, '\t');
    std::getline(fields, rest, '\t');
    if (kind == "begin") {
      open = subject;
      continue;
    }
    if (kind == "count") {
      Count count{subject};
      std::istringstream(rest) >> count.n_passed >> count.n_all;
      report.counts.push_back(count);
      continue;
    }
    const Verdict verdict = kind == "passed"   ? Verdict::kPassed
                            : kind == "failed" ? Verdict::kFailed
                                               : Verdict::kSkipped;
    report.rows.push_back({part, subject, verdict, rest});
  }
  return open;
}

[[noreturn]] void run_child(int descriptor, const std::string& part,
                            const std::function<void(const Sender&)>& body) {
  const rlimit none = {0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::setpgid(0, 0);
  ::dup2(2, 1);
  const Sender sender(descriptor, part);
  try {
    body(sender);
    sender.begin("exit");
  } catch (const std::exception& e) {
    sender.failed("calls", std::string("failed where it must not: ") + e.what());
  }
  ::_exit(0);
}

std::string ending(int status) {
  if (WIFSIGNALED(status))
    return std::string("the process crashed: ") + ::strsignal(WTERMSIG(status));
  return "the process was ended with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

void Sender::send(const std::string& kind, const std::string& subject,
                  const std::string& text) const {
  const std::string line = kind + "\t" + one_field(subject) + "\t" + one_field(text) + "\n";
  for (std::size_t at = 0; at < line.size();) {
    const ssize_t n = ::write(descriptor_, line.data() + at, line.size() - at);
    if (n <= 0) return;
    at += static_cast<std::size_t>(n);
  }
}

void Sender::begin(const std::string& subject) const {
  send("begin", subject, "");
}
void Sender::passed(const std::string& subject, const std::string& text) const {
  send("passed", subject, text);
}
void Sender::failed(const std::string& subject, const std::string& text) const {
  send("failed", subject, text);
}
void Sender::skipped(const std::string& subject, const std::string& text) const {
  send("skipped", subject, text);
}
void Sender::result(const std::string& subject, const std::string& wrong,
                    const std::string& right) const {
  wrong.empty() ? passed(subject, right) : failed(subject, wrong);
}
void Sender::count(const std::string& what, std::uint32_t n_passed, std::uint32_t n_all) const {
  send("count", what, std::to_string(n_passed) + " " + std::to_string(n_all));
}

void run_part(const std::string& part, std::chrono::seconds limit, Report& report,
              const std::function<void(const Sender&)>& body) {
  int ends[2] = {-1, -1};
  if (::pipe(ends) != 0) fail(ErrorCode::kIo, "pipe: cannot be made, ", std::strerror(errno));
  const pid_t child = ::fork();
  if (child < 0) fail(ErrorCode::kIo, "fork: ", std::strerror(errno));
  if (child == 0) {
    ::close(ends[0]);
    run_child(ends[1], part, body);
  }
  ::close(ends[1]);
  std::string text;
  const bool in_time = read_all(ends[0], Clock::now() + limit, text);
  ::close(ends[0]);
  if (!in_time) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  ::kill(-child, SIGKILL);  // what it may have started itself
  const std::string open = add_rows(part, text, report);
  const bool fine = WIFEXITED(status) && WEXITSTATUS(status) == 0 && open == "exit";
  const bool told = !report.rows.empty() && report.rows.back().part == part &&
                    report.rows.back().verdict == Verdict::kFailed;
  if (!in_time)
    report.rows.push_back(
        {part, open, Verdict::kFailed, "hangs: no end in " + std::to_string(limit.count()) + " s"});
  else if (!fine && !(told && WIFEXITED(status) && WEXITSTATUS(status) == 0))
    report.rows.push_back({part, open, Verdict::kFailed, ending(status)});
}

}  // namespace wick::check
