// Generations: pulled, called back, cancelled, ended.
#include "api_fixture.h"

namespace wick_api_test {
namespace {

struct Heard {
  std::string text;
  int n_pieces = 0, n_wanted = 1 << 20;
  wick_session* session = nullptr;
};

int32_t hear(void* context, const char* piece, uint64_t size) {
  auto& heard = *static_cast<Heard*>(context);
  EXPECT_EQ(std::strlen(piece), size);
  heard.text.append(piece, static_cast<std::size_t>(size));
  return ++heard.n_pieces >= heard.n_wanted;
}

wick_generation_stats stats_of(std::uint32_t bytes = sizeof(wick_generation_stats)) {
  wick_generation_stats stats{};
  stats.struct_size = bytes;
  return stats;
}

wick_status generate(wick_session* session, const wick_generate_options& options,
                     wick_piece_function piece, Heard& heard, wick_generation_stats& stats) {
  const std::vector<std::int32_t> prompt = ids_of("Once upon a time");
  return wick_session_generate(session, prompt.data(), prompt.size(), &options, piece, &heard,
                               &stats, nullptr);
}

TEST(ApiGeneration, GivesTheSameTextPulledAndCalledBack) {
  wick_session* const session = new_session();
  const wick_generate_options options = greedy(16);
  Heard heard;
  wick_generation_stats stats = stats_of();
  ASSERT_EQ(generate(session, options, hear, heard, stats), WICK_STATUS_OK);
  EXPECT_EQ(stats.n_generated, 16u);
  EXPECT_EQ(stats.finish, WICK_FINISH_LENGTH);
  EXPECT_GT(stats.prompt_seconds, 0);

  const std::vector<std::int32_t> prompt = ids_of("Once upon a time");
  wick_session* const other = new_session();
  wick_generation* generation = nullptr;
  ASSERT_EQ(
      wick_generation_create(other, prompt.data(), prompt.size(), &options, &generation, nullptr),
      WICK_STATUS_OK);
  std::string text;
  const char* piece = nullptr;
  std::uint64_t size = 0;
  while (wick_generation_next(generation, &piece, &size, nullptr) == WICK_STATUS_OK && piece)
    text.append(piece, static_cast<std::size_t>(size));
  EXPECT_EQ(text, heard.text);
  EXPECT_GT(text.size(), 16u);
  std::uint64_t n_drawn = 0, n_held = 0;
  EXPECT_EQ(wick_generation_tokens(generation, nullptr, 0, &n_drawn, nullptr), WICK_STATUS_OK);
  EXPECT_EQ(wick_session_tokens(other, nullptr, 0, &n_held, nullptr), WICK_STATUS_OK);
  EXPECT_EQ(n_drawn, 16u);
  EXPECT_EQ(n_held, prompt.size() + 15);
  EXPECT_EQ(wick_generation_next(generation, &piece, &size, nullptr), WICK_STATUS_OK);
  EXPECT_EQ(piece, nullptr);
  wick_generation_free(generation);
  wick_session_free(other);
  wick_session_free(session);
}

TEST(ApiGeneration, EndsWhenTheCallbackSaysSo) {
  wick_session* const session = new_session();
  Heard heard;
  heard.n_wanted = 3;
  wick_generation_stats stats = stats_of();
  EXPECT_EQ(generate(session, greedy(64), hear, heard, stats), WICK_STATUS_OK);
  EXPECT_EQ(stats.finish, WICK_FINISH_CANCELLED);
  EXPECT_EQ(heard.n_pieces, 3);
  wick_session_free(session);
}

TEST(ApiGeneration, EndsWhenItsSessionIsCancelled) {
  wick_session* const session = new_session();
  Heard heard;
  heard.session = session;
  wick_generation_stats stats = stats_of();
  const auto cancelling = [](void* context, const char*, uint64_t) -> int32_t {
    auto& to = *static_cast<Heard*>(context);
    ++to.n_pieces;
    wick_session_cancel(to.session);
    return 0;
  };
  EXPECT_EQ(generate(session, greedy(64), cancelling, heard, stats), WICK_STATUS_OK);
  EXPECT_EQ(stats.finish, WICK_FINISH_CANCELLED);
  EXPECT_EQ(heard.n_pieces, 1);
  wick_session_free(session);
}

TEST(ApiGeneration, EndsBeforeAStopText) {
  wick_session* const session = new_session();
  Heard whole, stopped;
  wick_generation_stats stats = stats_of();
  ASSERT_EQ(generate(session, greedy(24), hear, whole, stats), WICK_STATUS_OK);
  const std::string stop = whole.text.substr(12, 5);
  const char* const stops[] = {stop.c_str()};
  wick_generate_options options = greedy(24);
  options.stops = stops;
  options.n_stops = 1;
  wick_session* const other = new_session();
  ASSERT_EQ(generate(other, options, hear, stopped, stats), WICK_STATUS_OK);
  EXPECT_EQ(stats.finish, WICK_FINISH_STOP_TEXT);
  EXPECT_EQ(stopped.text, whole.text.substr(0, whole.text.find(stop)));
  wick_session_free(other);
  wick_session_free(session);
}

TEST(ApiGeneration, RefusesNumbersOutOfRangeAndAPromptWithoutTokens) {
  wick_session* const session = new_session();
  wick_generate_options options = greedy(4);
  options.top_p = 7;
  wick_generation* generation = nullptr;
  const std::int32_t id = 5;
  Failure failures[3];
  EXPECT_EQ(wick_generation_create(session, &id, 1, &options, &generation, &failures[0]),
            WICK_STATUS_BAD_ARGUMENT);
  options = greedy(-2);
  EXPECT_EQ(wick_generation_create(session, &id, 1, &options, &generation, &failures[1]),
            WICK_STATUS_BAD_ARGUMENT);
  options = greedy(4);
  EXPECT_EQ(wick_generation_create(session, nullptr, 0, &options, &generation, &failures[2]),
            WICK_STATUS_BAD_ARGUMENT);
  EXPECT_EQ(generation, nullptr);
  EXPECT_TRUE(failures[2].says("no tokens")) << failures[2].message();
  wick_session_free(session);
}

TEST(ApiGeneration, FailsOnceWhereThePromptIsTooLong) {
  wick_session* const session = new_session();
  const std::vector<std::int32_t> prompt(1 << 16, 5);
  wick_generation* generation = nullptr;
  ASSERT_EQ(
      wick_generation_create(session, prompt.data(), prompt.size(), nullptr, &generation, nullptr),
      WICK_STATUS_OK);
  const char* piece = nullptr;
  EXPECT_EQ(wick_generation_next(generation, &piece, nullptr, nullptr), WICK_STATUS_CONTEXT_FULL);
  EXPECT_EQ(wick_generation_next(generation, &piece, nullptr, nullptr), WICK_STATUS_OK);
  EXPECT_EQ(piece, nullptr);
  wick_generation_stats stats = stats_of();
  EXPECT_EQ(wick_generation_describe(generation, &stats, nullptr), WICK_STATUS_OK);
  EXPECT_EQ(stats.finish, WICK_FINISH_FAILED);
  wick_generation_free(generation);
  wick_session_free(session);
}

TEST(ApiGeneration, RepeatsItselfWithTheSameSeed) {
  wick_generate_options options = greedy(16);
  options.temperature = 1;
  options.seed = 7;
  std::string texts[2];
  for (std::string& text : texts) {
    wick_session* const session = new_session();
    Heard heard;
    wick_generation_stats stats = stats_of();
    ASSERT_EQ(generate(session, options, hear, heard, stats), WICK_STATUS_OK);
    text = heard.text;
    wick_session_free(session);
  }
  EXPECT_EQ(texts[0], texts[1]);
}

}  // namespace
}  // namespace wick_api_test
