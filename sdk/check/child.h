// A part of the checks in a child process: what crashes or hangs there becomes a row of the report.
#pragma once

#include "report.h"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace wick::check {

/// Sends rows to the parent as they are made, so that those before a crash are kept.
class Sender {
 public:
  Sender(int descriptor, std::string part) : descriptor_(descriptor), part_(std::move(part)) {}

  /// Says what comes next: it is blamed for a crash.
  void begin(const std::string& subject) const;
  void passed(const std::string& subject, const std::string& text = "") const;
  void failed(const std::string& subject, const std::string& text) const;
  void skipped(const std::string& subject, const std::string& text) const;
  /// Failed where `wrong` is not empty.
  void result(const std::string& subject, const std::string& wrong,
              const std::string& right = "") const;
  void count(const std::string& what, std::uint32_t n_passed, std::uint32_t n_all) const;

 private:
  void send(const std::string& kind, const std::string& subject, const std::string& text) const;
  int descriptor_;
  std::string part_;
};

/// Forks, runs body in the child with a time limit, and adds what it sent; a crash, a hang or an
/// exception is one failed row more.
void run_part(const std::string& part, std::chrono::seconds limit, Report& report,
              const std::function<void(const Sender&)>& body);

}  // namespace wick::check
