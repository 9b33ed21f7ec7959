// The golden layout, as C++17 sees it. Compiling is the test, apart from the codes.
#include <wick/error.h>
#include <wick/plugin_abi.h>
#include <wick/sdk/guard.h>

#include <gtest/gtest.h>

#include <type_traits>

// Structs grow at the end, so a later one may be larger.
#define SIZE_1_0(type, bytes)             \
  static_assert(sizeof(type) >= (bytes)); \
  static_assert(std::is_standard_layout_v<type> && std::is_trivially_copyable_v<type>);
#define FIELD(type, field, offset) static_assert(offsetof(type, field) == (offset));

#include "abi_layout.inc"

namespace {

/// Array elements are indexed by both sides: a size that changes moves all but the first.
static_assert(sizeof(wick_str) == 16);
static_assert(sizeof(wick_attribute) == 40);
static_assert(sizeof(wick_weight_use) == 16);
static_assert(sizeof(wick_weight_binding) == 16);
static_assert(sizeof(wick_buffer_binding) == 16);
static_assert(sizeof(wick_run) == 32);

TEST(AbiLayout, CodesAreTheNumbersOfErrorCode) {
  const std::pair<wick_code, wick::ErrorCode> codes[] = {
      {WICK_OK, wick::ErrorCode::kOk},
      {WICK_INTERNAL, wick::ErrorCode::kInternal},
      {WICK_UNAVAILABLE, wick::ErrorCode::kUnavailable},
      {WICK_BAD_FILE, wick::ErrorCode::kBadFile},
      {WICK_BAD_SHAPE, wick::ErrorCode::kBadShape},
      {WICK_BAD_ARGUMENT, wick::ErrorCode::kBadArgument},
      {WICK_OUT_OF_MEMORY, wick::ErrorCode::kOutOfMemory},
      {WICK_CANCELLED, wick::ErrorCode::kCancelled},
      {WICK_DEVICE_LOST, wick::ErrorCode::kDeviceLost},
      {WICK_INCOMPATIBLE, wick::ErrorCode::kIncompatible}};
  for (const auto& [code, error] : codes) EXPECT_EQ(code, static_cast<wick_code>(error));
}

TEST(AbiLayout, AReaderSeesWhichFieldsTheOtherSideHas) {
  auto format = wick::sdk::make<wick_format_v1>();
  EXPECT_TRUE(WICK_HAS(&format, extension));
  EXPECT_FALSE(WICK_CAN(&format, extension));
  format.struct_size = offsetof(wick_format_v1, extension);
  EXPECT_TRUE(WICK_HAS(&format, unpack));
  EXPECT_FALSE(WICK_HAS(&format, extension));
  format.struct_size = offsetof(wick_format_v1, extension) + 7;
  EXPECT_FALSE(WICK_HAS(&format, extension));
}

TEST(Guard, TurnsWhateverIsThrownIntoACodeAndASentence) {
  auto error = wick::sdk::make<wick_error>();
  EXPECT_EQ(wick::sdk::guard(&error, [] { throw 42; }), WICK_INTERNAL);
  EXPECT_STREQ(error.message, "an exception that is no std::exception was thrown");
  EXPECT_EQ(wick::sdk::guard(&error, [] { throw std::bad_alloc(); }), WICK_OUT_OF_MEMORY);
  EXPECT_EQ(wick::sdk::guard(&error, [] { wick::fail(wick::ErrorCode::kBadShape, "a: ", 7); }),
            WICK_BAD_SHAPE);
  EXPECT_STREQ(error.message, "a: 7");
  EXPECT_EQ(wick::sdk::guard(nullptr, [] { throw std::runtime_error("x"); }), WICK_INTERNAL);
  EXPECT_EQ(wick::sdk::guard(&error, [] {}), WICK_OK);
}

TEST(Guard, CutsALongSentenceBetweenCharacters) {
  auto error = wick::sdk::make<wick_error>();
  std::string text(478, 'x');
  text += "\xc3\xa9\xc3\xa9";  // the first of them would cross the end
  wick::sdk::report(&error, wick::ErrorCode::kInternal, text);
  EXPECT_EQ(std::string(error.message), std::string(478, 'x'));
}

}  // namespace
