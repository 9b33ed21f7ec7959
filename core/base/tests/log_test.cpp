// What a log line looks like.
#include "base/log.h"

#include <gtest/gtest.h>

namespace wick {
namespace {

TEST(Log, WritesPlainLinesToStandardError) {
  testing::internal::CaptureStderr();
  log_warning("{} of {}", 1, "two");
  log_error("braces {{}} stay");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "wick: warning: 1 of two\nwick: error: braces {} stay\n");
}

TEST(Log, DropsLinesBelowTheLevel) {
  testing::internal::CaptureStderr();
  log_debug("not at the start");
  set_log_level(LogLevel::kError);
  log_warning("dropped");
  set_log_level(LogLevel::kDebug);
  log_debug("kept");
  set_log_level(LogLevel::kInfo);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "wick: debug: kept\n");
}

}  // namespace
}  // namespace wick
