// A token's logits are the same bytes whatever is computed beside it: threads, splits, other
// sequences, forks and cuts.
#include <gtest/gtest.h>
#include <wick/error.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "session_rows.h"
#include "tiny_model.h"

namespace wick {
namespace {

class SameBytes : public testing::TestWithParam<std::tuple<const char*, bool>> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(path())) GTEST_SKIP() << path() << " is not here";
  }
  static std::string path() { return model_file(std::get<0>(GetParam())); }
  static bool precise() { return std::get<1>(GetParam()); }
  static Rows reference(const Ids& ids) {
    Loaded loaded(path(), 1, 512, precise());
    Session session(*loaded.model);
    return append(session, session.create(), ids);
  }
};

TEST_P(SameBytes, ForAnyNumberOfThreadsAndPieces) {
  const Ids ids = prompt(75, 11);
  const Rows expected = reference(ids);
  ASSERT_EQ(expected.size(), ids.size());
  for (std::uint32_t n_threads : {1u, 2u, 3u, 4u}) {
    Loaded loaded(path(), n_threads, 512, precise());
    for (std::size_t piece :
         {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, ids.size()}) {
      Session session(*loaded.model);
      EXPECT_EQ(in_pieces(session, session.create(), ids, piece), expected)
          << n_threads << " threads, pieces of " << piece;
    }
  }
}

TEST_P(SameBytes, ForAnySizeOfBatch) {
  const Ids ids = prompt(75, 11);
  const Rows expected = reference(ids);
  for (std::uint32_t max_tokens : {1u, 5u, 33u}) {
    Loaded loaded(path(), 2, max_tokens, precise());
    Session session(*loaded.model);
    EXPECT_EQ(append(session, session.create(), ids), expected) << "batches of " << max_tokens;
  }
}

TEST_P(SameBytes, BesideAnotherSequence) {
  const Ids first = prompt(40, 11), second = prompt(66, 5);
  const Rows expected_first = reference(first), expected_second = reference(second);
  Loaded loaded(path(), 2, 512, precise());
  Session session(*loaded.model);
  const SequenceId a = session.create(), b = session.create();
  Rows rows[2];
  for (std::size_t i = 0; i < 11; ++i) {  // pieces of 4 and 6, side by side
    const auto part = [&](const Ids& ids, std::size_t n) {
      return std::span(ids).subspan(std::min(ids.size(), i * n), std::min(ids.size(), (i + 1) * n) -
                                                                     std::min(ids.size(), i * n));
    };
    const SequenceInput inputs[] = {{a, part(first, 4), WantLogits::kAll},
                                    {b, part(second, 6), WantLogits::kAll}};
    session.evaluate(inputs, [&](std::size_t input, std::size_t, std::span<const float> logits) {
      rows[input].emplace_back(logits.begin(), logits.end());
    });
  }
  EXPECT_EQ(rows[0], expected_first);
  EXPECT_EQ(rows[1], expected_second);
}

TEST_P(SameBytes, AfterAForkOrACutAnywhere) {
  const Ids ids = prompt(70, 11), other = prompt(70, 99);
  const Rows expected = reference(ids);
  Loaded loaded(path(), 2, 512, precise());
  Session session(*loaded.model);
  for (std::uint32_t length : {1u, 2u, 31u, 32u, 33u, 63u, 64u, 65u, 69u}) {
    const auto cut = static_cast<std::ptrdiff_t>(length);
    const SequenceId original = session.create();
    append(session, original, Ids(ids.begin(), ids.begin() + cut));
    const SequenceId fork = session.fork(original);
    append(session, fork,
           Ids(other.begin() + cut, other.end()));  // must not reach what the original sees
    Rows rows = append(session, original, Ids(ids.begin() + cut, ids.end()));
    EXPECT_EQ(rows, Rows(expected.begin() + cut, expected.end())) << "forked at " << length;
    session.truncate(fork, length);
    rows = append(session, fork, Ids(ids.begin() + cut, ids.end()));
    EXPECT_EQ(rows, Rows(expected.begin() + cut, expected.end())) << "cut at " << length;
    session.remove(original);
    session.remove(fork);
  }
  EXPECT_EQ(session.state_bytes(), 0u);
}

// Under a sanitizer everything takes ten times as long, and under that of threads more.
std::vector<const char*> models() {
#if defined(__SANITIZE_THREAD__)
  return {"tiny"};
#elif defined(__SANITIZE_ADDRESS__)
  return {"tiny", "bundled"};
#else
  return {"tiny",       "bundled",    "ember-BF16", "ember-Q6_K",  "ember-Q4_K_M",
          "ember-Q4_0", "taper-BF16", "taper-Q8_0", "taper-Q4_K_M"};
#endif
}

INSTANTIATE_TEST_SUITE_P(Models, SameBytes,
                         testing::Combine(testing::ValuesIn(models()), testing::Bool()),
                         [](const testing::TestParamInfo<SameBytes::ParamType>& which) {
                           std::string name = std::get<0>(which.param);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name + (std::get<1>(which.param) ? "_precise" : "_fast");
                         });

TEST(Session, RefusesMoreThanItsContextAndStaysAsItWas) {
  const std::string path = TinyModel().write("context");
  Loaded loaded(path, 1, 16, false);
  Session session(*loaded.model);
  const SequenceId sequence = session.create();
  append(session, sequence, prompt(250, 1));
  try {
    append(session, sequence, prompt(7, 1));
    ADD_FAILURE() << "it took 257 tokens";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kContextFull);
    EXPECT_NE(std::string(e.what()).find("--ctx"), std::string::npos);
  }
  EXPECT_EQ(session.length(sequence), 250u);
  EXPECT_EQ(append(session, sequence, prompt(6, 1)).size(), 6u);
  std::remove(path.c_str());
}

TEST(Session, RefusesIdsOutsideTheVocabulary) {
  const std::string path = TinyModel().write("ids");
  Loaded loaded(path, 1, 16, false);
  Session session(*loaded.model);
  const SequenceId sequence = session.create();
  for (std::int32_t id : {-1, 259, INT32_MAX})
    EXPECT_THROW(append(session, sequence, {id}), Error) << id;
  EXPECT_THROW(append(session, sequence + 1, {1}), Error);
  std::remove(path.c_str());
}

TEST(Session, StopsAtACancelAndGoesOnAfterwards) {
  const std::string path = TinyModel().write("cancel");
  Loaded loaded(path, 1, 16, false);
  Session session(*loaded.model);
  const SequenceId sequence = session.create();
  session.cancel();
  EXPECT_THROW(append(session, sequence, prompt(40, 1)), Error);
  EXPECT_EQ(session.length(sequence), 0u);
  EXPECT_EQ(append(session, sequence, prompt(40, 1)).size(), 40u);
  std::remove(path.c_str());
}

}  // namespace
}  // namespace wick
