// A program that may crash or hang, run to its end with what it says kept. Not for programs that
// talk to a user.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace wick {

struct ChildRequest {
  std::filesystem::path program;
  std::vector<std::string> arguments{};      ///< without the program's name
  std::chrono::milliseconds timeout{5000};   ///< without a word on kAnswerDescriptor, see Patience
  std::chrono::milliseconds longest{30000};  ///< in all
  std::size_t max_bytes = 16384;             ///< kept of each stream; the rest is read and dropped
};

struct ChildResult {
  std::string answer;       ///< what it wrote to kAnswerDescriptor
  std::string said;         ///< standard output and error
  bool timed_out = false;   ///< it was ended after the time, with all that it had started
  bool was_silent = false;  ///< and had said nothing for the timeout
  int signal = 0;           ///< that ended it, where it was not we who did
  int exit_code = 0;        ///< where no signal ended it
};

/// The descriptor that a child answers on: plugins and drivers print to the usual ones.
inline constexpr int kAnswerDescriptor = 3;

/// Starts it in a process group of its own, without standard input, and waits. Errors: kIo, where
/// it cannot be started.
ChildResult run_child(const ChildRequest& request);

/// "SIGSEGV (Segmentation fault)"
std::string signal_text(int signal);

}  // namespace wick
