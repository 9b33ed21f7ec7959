// The log of the process, to standard error or to a callback.
#include "base/log.h"

#include <wick/wick.h>

#include <algorithm>
#include <string>

#include "api/failure.h"

static_assert(static_cast<unsigned>(wick::LogLevel::kDebug) == WICK_LOG_LEVEL_DEBUG);
static_assert(static_cast<unsigned>(wick::LogLevel::kInfo) == WICK_LOG_LEVEL_INFO);
static_assert(static_cast<unsigned>(wick::LogLevel::kWarning) == WICK_LOG_LEVEL_WARNING);
static_assert(static_cast<unsigned>(wick::LogLevel::kError) == WICK_LOG_LEVEL_ERROR);
static_assert(static_cast<unsigned>(wick::LogLevel::kOff) == WICK_LOG_LEVEL_OFF);

void wick_set_log(uint32_t level, wick_log_function function, void* context) {
  wick::api::guarded(nullptr, [&] {
    wick::LogSink sink;
    if (function != nullptr)
      sink = [function, context](wick::LogLevel of, const std::string& text) {
        function(context, static_cast<std::uint32_t>(of), text.c_str());
      };
    wick::set_log_sink(std::move(sink));
    wick::set_log_level(static_cast<wick::LogLevel>(std::min(level, WICK_LOG_LEVEL_OFF)));
  });
}
