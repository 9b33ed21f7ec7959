// Standard output, for results. Not for messages, which go to standard error.
#pragma once

#include <string_view>

namespace wick::cli {

/// Thrown where nobody reads any more (EPIPE): ends the program quietly. Not an Error, because
/// nothing failed.
struct OutputClosed {};

/// Buffered. Errors: kIo; OutputClosed.
void write_output(std::string_view text);
/// Hands what was written to the system. Errors as above.
void flush_output();
bool output_is_terminal();

}  // namespace wick::cli
