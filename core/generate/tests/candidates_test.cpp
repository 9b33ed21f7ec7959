// Selecting the likeliest against sorting all, plainly.
#include "generate/candidates.h"

#include <gtest/gtest.h>
#include <wick/error.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace wick {
namespace {

constexpr float kNever = -std::numeric_limits<float>::infinity();

std::vector<CandidateToken> sorted(const std::vector<float>& logits, std::size_t n) {
  std::vector<CandidateToken> all;
  for (const float logit : logits) all.push_back({static_cast<std::int32_t>(all.size()), logit});
  std::stable_sort(all.begin(), all.end(), [](const CandidateToken& a, const CandidateToken& b) {
    return a.logit > b.logit;
  });
  all.resize(std::min(n, all.size()));
  return all;
}

void expect_front(const std::vector<float>& logits, const std::string& what) {
  Candidates candidates;
  for (const std::size_t n : {1u, 2u, 15u, 40u, 63u, 64u, 1000u, 100000u}) {
    candidates.assign_front(logits, n);
    const std::vector<CandidateToken> expected = sorted(logits, n);
    ASSERT_EQ(candidates.size(), expected.size()) << what << ' ' << n;
    ASSERT_EQ(candidates.n_sorted(), expected.size()) << what << ' ' << n;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(candidates.items()[i].id, expected[i].id) << what << ' ' << n << " at " << i;
      ASSERT_EQ(candidates.items()[i].logit, expected[i].logit) << what << ' ' << n;
    }
  }
}

std::vector<float> random_logits(std::size_t n) {
  std::mt19937 random(static_cast<std::mt19937::result_type>(n));
  std::normal_distribution<float> normal(0, 3);
  std::vector<float> logits(n);
  for (float& logit : logits) logit = normal(random);
  return logits;
}

std::string error_of(const std::vector<float>& logits, std::size_t n) {
  Candidates candidates;
  try {
    candidates.assign_front(logits, n);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

// Around the borders of blocks, and where there are fewer than are wanted.
constexpr std::size_t kSizes[] = {1, 15, 63, 64, 65, 127, 129, 2560, 4000, 4097, 128256};

TEST(Candidates, FrontIsThatOfAFullSort) {
  for (const std::size_t size : kSizes) expect_front(random_logits(size), std::to_string(size));
}

TEST(Candidates, FrontOfEqualLogitsGoesByIds) {
  for (const std::size_t size : kSizes) {
    std::vector<float> logits = random_logits(size);
    for (float& logit : logits) logit = std::round(logit);  // -0 and 0 are equal too
    expect_front(logits, "rounded " + std::to_string(size));
    expect_front(std::vector<float>(size, 1.5F), "all the same " + std::to_string(size));
  }
}

TEST(Candidates, FrontStandsAnywhereInTheVocabulary) {
  std::vector<float> logits(10007);
  for (std::size_t i = 0; i < logits.size(); ++i) logits[i] = static_cast<float>(i);
  expect_front(logits, "ascending");
  std::reverse(logits.begin(), logits.end());
  expect_front(logits, "descending");
}

TEST(Candidates, FrontMayHoldWhatCannotCome) {
  std::vector<float> logits(8192, kNever);
  logits[5] = 1;
  logits[8191] = std::numeric_limits<float>::lowest();
  expect_front(logits, "two that may come");
  logits = random_logits(8192);
  for (std::size_t i = 0; i < logits.size(); i += 2) logits[i] = kNever;
  expect_front(logits, "half that may come");
}

TEST(Candidates, RefuseABrokenLogitWhereverItIs) {
  for (const float broken :
       {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::quiet_NaN(),
        std::numeric_limits<float>::infinity()})
    for (const std::size_t n : {1u, 40u, 100000u})
      for (const std::size_t at : {0u, 17u, 4095u, 4096u, 4099u}) {
        std::vector<float> logits = random_logits(4100);
        logits[at] = broken;
        EXPECT_NE(error_of(logits, n).find("token " + std::to_string(at) + " is "),
                  std::string::npos)
            << broken << " at " << at << " of " << n;
      }
}

TEST(Candidates, RefuseLogitsOfWhichNoneMayCome) {
  for (const std::size_t n : {1u, 40u, 100000u}) {
    EXPECT_NE(error_of(std::vector<float>(4100, kNever), n).find("every logit is -inf"),
              std::string::npos);
    EXPECT_NE(error_of({}, n).find("no logits"), std::string::npos);
  }
}

}  // namespace
}  // namespace wick
