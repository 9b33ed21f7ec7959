// The softmax of the score; windows are tested end to end, against another implementation.
#include "generate/perplexity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace wick {
namespace {

TEST(NegativeLogLikelihood, IsTheLogarithmOfTheSoftmax) {
  const std::vector<float> equal(8, 3.0F);
  EXPECT_NEAR(negative_log_likelihood(equal, 5), std::log(8.0), 1e-12);
  const std::vector<float> two = {0, std::log(3.0F)};
  EXPECT_NEAR(negative_log_likelihood(two, 0), std::log(4.0), 1e-7);
  EXPECT_NEAR(negative_log_likelihood(two, 1), std::log(4.0 / 3.0), 1e-7);
}

TEST(NegativeLogLikelihood, DoesNotOverflow) {
  const std::vector<float> logits = {3e38F, 1e38F, -3e38F};
  EXPECT_EQ(negative_log_likelihood(logits, 0), 0);
  EXPECT_TRUE(std::isfinite(negative_log_likelihood(logits, 2)));
}

}  // namespace
}  // namespace wick
