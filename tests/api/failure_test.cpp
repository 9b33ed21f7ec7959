// Whatever is wrong becomes a status and a sentence.
#include "api_fixture.h"

namespace wick_api_test {
namespace {

wick_status load(const wick_load_options& options, Failure& failure) {
  wick_model* made = nullptr;
  const wick_status status = wick_model_load(engine(), &options, &made, &failure);
  EXPECT_EQ(status, failure.status());
  EXPECT_EQ(made == nullptr, status != WICK_STATUS_OK);
  wick_model_free(made);
  return status;
}

TEST(ApiFailure, NamesAFileThatIsNotThere) {
  wick_load_options options = load_options();
  options.path = "/nowhere/no.gguf";
  Failure failure;
  EXPECT_EQ(load(options, failure), WICK_STATUS_MISSING_FILE);
  EXPECT_TRUE(failure.says("/nowhere/no.gguf")) << failure.message();
}

TEST(ApiFailure, NamesAFileThatIsNoModel) {
  wick_load_options options = load_options();
  options.path = WICK_TEST_SOURCE_DIR "/README.md";
  Failure failure;
  EXPECT_EQ(load(options, failure), WICK_STATUS_BAD_FILE);
  EXPECT_TRUE(failure.says("README.md")) << failure.message();
}

TEST(ApiFailure, NamesABackendThatIsNotThere) {
  wick_load_options options = load_options();
  options.backends = "abacus,cpu";
  Failure failure;
  EXPECT_EQ(load(options, failure), WICK_STATUS_UNAVAILABLE);
  EXPECT_TRUE(failure.says("abacus")) << failure.message();
}

TEST(ApiFailure, RefusesOptionsWithoutTheirSize) {
  wick_load_options options = load_options();
  for (const std::uint32_t bytes : {0u, 8u, static_cast<std::uint32_t>(sizeof options) - 1, ~0u}) {
    options.struct_size = bytes;
    Failure failure;
    EXPECT_EQ(load(options, failure), WICK_STATUS_BAD_ARGUMENT) << bytes;
    EXPECT_TRUE(failure.says("struct_size")) << failure.message();
  }
}

struct NewerOptions {
  wick_load_options known;
  std::uint64_t unknown;
};

TEST(ApiFailure, TakesOptionsOfANewerProgramIfItSetsNoneThatAreUnknown) {
  NewerOptions options;
  wick_load_options_init(&options.known, sizeof options);
  EXPECT_EQ(options.known.struct_size, sizeof options);
  EXPECT_EQ(options.unknown, 0u);
  options.known.path = WICK_TEST_MODEL;
  options.known.backends = "cpu";
  Failure none, failure;
  EXPECT_EQ(load(options.known, none), WICK_STATUS_OK) << none.message();
  options.unknown = 1;
  EXPECT_EQ(load(options.known, failure), WICK_STATUS_INCOMPATIBLE);
}

TEST(ApiFailure, RefusesFlagsThatItDoesNotKnow) {
  wick_load_options options = load_options();
  options.flags = 1u << 30;
  Failure failure;
  EXPECT_EQ(load(options, failure), WICK_STATUS_INCOMPATIBLE);
}

TEST(ApiFailure, RefusesNullHandlesAndPlaces) {
  Failure failures[5];
  wick_model* made = nullptr;
  wick_session* session = nullptr;
  EXPECT_EQ(wick_model_load(nullptr, nullptr, &made, &failures[0]), WICK_STATUS_BAD_ARGUMENT);
  EXPECT_EQ(wick_model_load(engine(), nullptr, nullptr, &failures[1]), WICK_STATUS_BAD_ARGUMENT);
  EXPECT_EQ(wick_session_create(nullptr, &session, &failures[2]), WICK_STATUS_BAD_ARGUMENT);
  EXPECT_EQ(wick_session_evaluate(nullptr, nullptr, 0, nullptr, &failures[3]),
            WICK_STATUS_BAD_ARGUMENT);
  EXPECT_EQ(wick_quantize(engine(), nullptr, nullptr, &failures[4]), WICK_STATUS_BAD_ARGUMENT);
  for (const Failure& failure : failures) EXPECT_TRUE(failure.says("null")) << failure.message();
  EXPECT_EQ(wick_session_logits(nullptr), nullptr);
  EXPECT_EQ(wick_model_is_end(nullptr, 0), 0);
  wick_session_cancel(nullptr);
}

TEST(ApiFailure, FreesNull) {
  wick_failure_free(nullptr);
  wick_generation_free(nullptr);
  wick_session_free(nullptr);
  wick_model_free(nullptr);
  wick_engine_free(nullptr);
  EXPECT_EQ(wick_failure_status(nullptr), WICK_STATUS_OK);
}

TEST(ApiFailure, NeedsNoPlaceForTheFailure) {
  wick_model* made = nullptr;
  EXPECT_EQ(wick_model_load(nullptr, nullptr, &made, nullptr), WICK_STATUS_BAD_ARGUMENT);
}

}  // namespace
}  // namespace wick_api_test
