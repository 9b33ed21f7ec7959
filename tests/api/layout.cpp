// The golden layout, as C++17 sees it. Compiling is the test, apart from the statuses.
#include <gtest/gtest.h>
#include <wick/error.h>
#include <wick/wick.h>

#include <cstddef>
#include <type_traits>
#include <utility>

// Structs grow at the end, so a later one may be larger.
#define SIZE_1(type, bytes)               \
  static_assert(sizeof(type) >= (bytes)); \
  static_assert(std::is_standard_layout_v<type> && std::is_trivially_copyable_v<type>);
#define FIELD(type, field, offset) static_assert(offsetof(type, field) == (offset));

#include "layout.inc"

namespace {

/// Array elements are indexed by both sides: a size that changes moves all but the first.
static_assert(sizeof(wick_plugin_option) == 16);
static_assert(sizeof(wick_device_number) == 16);

TEST(ApiLayout, StatusesAreTheNumbersOfErrorCode) {
  const std::pair<wick_status, wick::ErrorCode> codes[] = {
      {WICK_STATUS_OK, wick::ErrorCode::kOk},
      {WICK_STATUS_INTERNAL, wick::ErrorCode::kInternal},
      {WICK_STATUS_USAGE, wick::ErrorCode::kUsage},
      {WICK_STATUS_UNAVAILABLE, wick::ErrorCode::kUnavailable},
      {WICK_STATUS_BAD_FILE, wick::ErrorCode::kBadFile},
      {WICK_STATUS_MISSING_FILE, wick::ErrorCode::kMissingFile},
      {WICK_STATUS_BAD_SHAPE, wick::ErrorCode::kBadShape},
      {WICK_STATUS_BAD_ARGUMENT, wick::ErrorCode::kBadArgument},
      {WICK_STATUS_OUT_OF_MEMORY, wick::ErrorCode::kOutOfMemory},
      {WICK_STATUS_CONTEXT_FULL, wick::ErrorCode::kContextFull},
      {WICK_STATUS_CANCELLED, wick::ErrorCode::kCancelled},
      {WICK_STATUS_DEVICE_LOST, wick::ErrorCode::kDeviceLost},
      {WICK_STATUS_IO, wick::ErrorCode::kIo},
      {WICK_STATUS_INSECURE, wick::ErrorCode::kInsecure},
      {WICK_STATUS_INCOMPATIBLE, wick::ErrorCode::kIncompatible}};
  for (const auto& [status, error] : codes) EXPECT_EQ(status, static_cast<wick_status>(error));
}

}  // namespace
