// stdio does the buffering; only its errors need care.
#include "cli/standard_output.h"

#include <unistd.h>
#include <wick/error.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace wick::cli {
namespace {

[[noreturn]] void fail_writing(int error) {
  if (error == EPIPE) throw OutputClosed{};
  fail(ErrorCode::kIo, "standard output: cannot be written, ", std::strerror(error));
}

}  // namespace

void write_output(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) fail_writing(errno);
}

void flush_output() {
  if (std::fflush(stdout) != 0) fail_writing(errno);
}

bool output_is_terminal() {
  return isatty(STDOUT_FILENO) != 0;
}

}  // namespace wick::cli
