// Sessions: tokens and logits, forks, cuts, several threads.
#include <thread>

#include "api_fixture.h"

namespace wick_api_test {
namespace {

constexpr std::size_t kVocabulary = 1406;

std::vector<float> logits_of(const wick_session* session) {
  const float* const logits = wick_session_logits(session);
  if (logits == nullptr) return {};
  return {logits, logits + kVocabulary};
}

std::uint64_t length_of(const wick_session* session) {
  std::uint64_t n = 0;
  EXPECT_EQ(wick_session_tokens(session, nullptr, 0, &n, nullptr), WICK_STATUS_OK);
  return n;
}

wick_status evaluate(wick_session* session, const std::vector<std::int32_t>& ids,
                     float* rows = nullptr) {
  return wick_session_evaluate(session, ids.data(), ids.size(), rows, nullptr);
}

TEST(ApiSession, HasNoLogitsAtTheStart) {
  wick_session* const session = new_session();
  EXPECT_EQ(wick_session_logits(session), nullptr);
  EXPECT_EQ(length_of(session), 0u);
  wick_session_free(session);
}

TEST(ApiSession, GivesARowForEachTokenWhoseLastIsItsLogits) {
  const std::vector<std::int32_t> ids = ids_of("The cat sat on the");
  std::vector<float> rows(ids.size() * kVocabulary);
  wick_session* const session = new_session();
  ASSERT_EQ(evaluate(session, ids, rows.data()), WICK_STATUS_OK);
  EXPECT_EQ(logits_of(session), std::vector<float>(rows.end() - kVocabulary, rows.end()));
  wick_session* const other = new_session();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    ASSERT_EQ(evaluate(other, {ids[i]}), WICK_STATUS_OK);
    const float* const row = rows.data() + i * kVocabulary;
    EXPECT_EQ(logits_of(other), std::vector<float>(row, row + kVocabulary)) << i;
  }
  wick_session_free(other);
  wick_session_free(session);
}

TEST(ApiSession, ForksAndCutsLikeOneThatWasNew) {
  const std::vector<std::int32_t> ids = ids_of("The cat sat on the");
  wick_session *session = new_session(), *fork = nullptr;
  ASSERT_EQ(evaluate(session, ids), WICK_STATUS_OK);
  ASSERT_EQ(wick_session_fork(session, &fork, nullptr), WICK_STATUS_OK);
  EXPECT_EQ(logits_of(fork), logits_of(session));
  ASSERT_EQ(wick_session_truncate(session, 3, nullptr), WICK_STATUS_OK);
  EXPECT_EQ(wick_session_logits(session), nullptr);
  EXPECT_EQ(length_of(session), 3u);
  EXPECT_EQ(length_of(fork), ids.size());
  ASSERT_EQ(evaluate(session, {ids.begin() + 3, ids.end()}), WICK_STATUS_OK);
  EXPECT_EQ(logits_of(fork), logits_of(session));
  Failure failure;
  EXPECT_EQ(wick_session_truncate(session, 1000, &failure), WICK_STATUS_BAD_ARGUMENT);
  EXPECT_TRUE(failure.says("1000")) << failure.message();
  wick_session_free(session);
  wick_session_free(fork);
}

TEST(ApiSession, IsAsItWasWhereTokensAreRefused) {
  wick_session* const session = new_session();
  ASSERT_EQ(evaluate(session, ids_of("The cat")), WICK_STATUS_OK);
  const std::uint64_t before = length_of(session);
  const std::vector<float> logits = logits_of(session);
  EXPECT_EQ(evaluate(session, {5, 1 << 20}), WICK_STATUS_BAD_ARGUMENT);
  EXPECT_EQ(evaluate(session, std::vector<std::int32_t>(1 << 16, 5)), WICK_STATUS_CONTEXT_FULL);
  EXPECT_EQ(length_of(session), before);
  EXPECT_EQ(logits_of(session), logits);
  wick_session_free(session);
}

TEST(ApiSession, IsCancelledOnceAndThenGoesOn) {
  wick_session* const session = new_session();
  wick_session_cancel(session);
  EXPECT_EQ(evaluate(session, ids_of("The cat")), WICK_STATUS_CANCELLED);
  EXPECT_EQ(length_of(session), 0u);
  EXPECT_EQ(evaluate(session, ids_of("The cat")), WICK_STATUS_OK);
  wick_session_free(session);
}

TEST(ApiSession, OfOneModelMayBelongToSeveralThreads) {
  const std::vector<std::int32_t> ids = ids_of("The cat sat on the");
  wick_session* const alone = new_session();
  ASSERT_EQ(evaluate(alone, ids), WICK_STATUS_OK);
  std::vector<std::vector<float>> rows(4);
  std::vector<std::thread> threads;
  for (std::vector<float>& row : rows)
    threads.emplace_back([&ids, &row] {
      wick_session* const session = new_session();
      for (const std::int32_t id : ids) EXPECT_EQ(evaluate(session, {id}), WICK_STATUS_OK);
      row = logits_of(session);
      wick_session_free(session);
    });
  for (std::thread& thread : threads) thread.join();
  for (const std::vector<float>& row : rows) EXPECT_EQ(row, logits_of(alone));
  wick_session_free(alone);
}

TEST(ApiSession, OutlivesTheHandlesOfItsModelAndEngine) {
  wick_engine* own = nullptr;
  wick_model* made = nullptr;
  const wick_load_options options = load_options();
  ASSERT_EQ(wick_engine_create(nullptr, &own, nullptr), WICK_STATUS_OK);
  ASSERT_EQ(wick_model_load(own, &options, &made, nullptr), WICK_STATUS_OK);
  wick_session* const session = new_session(made);
  wick_engine_free(own);
  wick_model_free(made);
  EXPECT_EQ(evaluate(session, ids_of("The cat")), WICK_STATUS_OK);
  wick_session_free(session);
}

}  // namespace
}  // namespace wick_api_test
