// Dispatch, and the one place where an error becomes a line on standard error.
#include "cli/program.h"

#include <fmt/format.h>
#include <wick/error.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <new>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "cli/standard_output.h"
#include "cli/suggest.h"

namespace wick::cli {
namespace {

int run_command(const Command& command, const std::vector<std::string>& words) {
  const CommandSyntax syntax = command.syntax();
  const Arguments arguments = parse_arguments(syntax, words);
  if (arguments.has("help")) {
    write_output(command_help(syntax));
    return kExitDone;
  }
  return command.run(arguments);
}

int dispatch(const std::vector<std::string>& words) {
  const std::string first = words.empty() ? "--help" : words.front();
  if (first == "--help" || first == "-h" || first == "help") {
    const Command* const command = words.size() > 1 ? find_command(words[1]) : nullptr;
    write_output(command == nullptr ? program_help() : command_help(command->syntax()));
    return kExitDone;
  }
  if (first == "--version") {
    write_output(version_text());
    return kExitDone;
  }
  // The bare form is `run`.
  if (first.front() == '-') return run_command(*find_command("run"), words);
  if (const Command* const command = find_command(first))
    return run_command(*command, {words.begin() + 1, words.end()});
  std::vector<std::string> known;
  for (const Command& command : commands())
    if (!command.is_hidden) known.emplace_back(command.name);
  fail(ErrorCode::kUsage, "unknown command '", first, "'", did_you_mean(first, known),
       "; see `wick --help`");
}

void report(std::string sentence, const std::string& hint) {
  if (!hint.empty()) sentence += " (" + hint + ")";
  // One line, whatever a file's or a plugin's text put into it.
  std::replace_if(
      sentence.begin(), sentence.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  fmt::print(stderr, "wick: {}\n", sentence);
}

}  // namespace

int exit_code_of(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kOk:
      return kExitDone;
    case ErrorCode::kUsage:
      return kExitUsage;
    case ErrorCode::kUnavailable:
    case ErrorCode::kInsecure:
    case ErrorCode::kIncompatible:
    case ErrorCode::kOutOfMemory:
    case ErrorCode::kDeviceLost:
      return kExitUnavailable;
    case ErrorCode::kBadFile:
    case ErrorCode::kMissingFile:
      return kExitBadFile;
    case ErrorCode::kCancelled:
      return kExitInterrupted;
    default:
      return kExitFailed;
  }
}

int run_program(const std::vector<std::string>& words) {
  // A reader that goes away shows as EPIPE, a file over the limit of its size as EFBIG, not as
  // signals.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  install_interrupt_handler();
  try {
    const int code = dispatch(words);
    flush_output();
    return code;
  } catch (const OutputClosed&) {
    // `wick ... | head`: whoever read has seen enough.
    return kExitDone;
  } catch (const Error& error) {
    // Who pressed Ctrl-C knows.
    if (error.code() != ErrorCode::kCancelled) report(error.what(), error.hint());
    return exit_code_of(error.code());
  } catch (const std::bad_alloc&) {
    report("memory: spent; use a smaller model or a lower --ctx", "");
  } catch (const std::exception& error) {
    report(std::string("internal error: ") + error.what(), "");
  }
  return kExitFailed;
}

}  // namespace wick::cli
