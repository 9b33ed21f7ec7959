// Lines for people, on standard error: `wick: warning: text`. Not for results, which go to standard
// output.
#pragma once

#include <fmt/core.h>

#include <functional>
#include <string>
#include <utility>

namespace wick {

enum class LogLevel { kDebug, kInfo, kWarning, kError, kOff };

/// Lines below this level are dropped; kInfo at the start. Any thread.
void set_log_level(LogLevel level);

/// Gets the lines instead of standard error, without their end; one at a time, from any thread.
/// Must not log.
using LogSink = std::function<void(LogLevel level, const std::string& text)>;
/// Empty: standard error again. The one before is not called any more once this returns.
void set_log_sink(LogSink sink);

/// Writes one line if `level` is enabled. Any thread; lines never mix. Use the functions below.
void log_line(LogLevel level, fmt::string_view format, fmt::format_args args);

template <class... Args>
void log_debug(fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::kDebug, format, fmt::make_format_args(args...));
}
template <class... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::kInfo, format, fmt::make_format_args(args...));
}
template <class... Args>
void log_warning(fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::kWarning, format, fmt::make_format_args(args...));
}
template <class... Args>
void log_error(fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::kError, format, fmt::make_format_args(args...));
}

}  // namespace wick
