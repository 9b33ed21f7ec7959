// Lines for people, on standard error, through spdlog.
#include "base/log.h"

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace wick {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kOff:
      break;
  }
  return spdlog::level::off;
}

spdlog::logger& logger() {
  // Not registered with spdlog: a program that uses spdlog itself keeps its own loggers and
  // patterns. Never destroyed, so that a destructor at exit may still log.
  static auto* const instance = [] {
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto* made = new spdlog::logger("wick", std::move(sink));
    made->set_pattern("%n: %l: %v");
    made->flush_on(spdlog::level::debug);
    return made;
  }();
  return *instance;
}

/// Never destroyed, like the logger.
struct Sink {
  std::mutex mutex;
  LogSink function;
};

Sink& own_sink() {
  static auto* const instance = new Sink;
  return *instance;
}

/// False where there is none.
bool write_to_sink(LogLevel level, const std::string& text) {
  Sink& sink = own_sink();
  const std::lock_guard lock(sink.mutex);
  if (sink.function) sink.function(level, text);
  return static_cast<bool>(sink.function);
}

}  // namespace

void set_log_level(LogLevel level) {
  logger().set_level(to_spdlog(level));
}

void set_log_sink(LogSink sink) {
  Sink& own = own_sink();
  const std::lock_guard lock(own.mutex);
  own.function = std::move(sink);
}

void log_line(LogLevel level, fmt::string_view format, fmt::format_args args) {
  const auto severity = to_spdlog(level);
  if (!logger().should_log(severity)) return;
  const std::string text = fmt::vformat(format, args);
  if (write_to_sink(level, text)) return;
  logger().log(severity, spdlog::string_view_t(text));
}

}  // namespace wick
