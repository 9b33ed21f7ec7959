// A model over two backends, one of which cannot use the host's memory: borders are copied, and
// what comes out is what either gives alone, but for roundings.
#include <gtest/gtest.h>
#include <wick/error.h>

#include <algorithm>
#include <cmath>

#include "schedule/executor.h"
#include "schedule/plan_report.h"
#include "session_rows.h"
#include "twin_runtime.h"

namespace wick {
namespace {

Rows logits_of(const std::vector<std::string>& backends, const std::vector<DeviceNumber>& layers,
               std::size_t n_segments) {
  Runtime runtime(twin_options());
  ModelOptions options = Loaded::small_options(model_file("tiny"), 16, true);
  options.backends = backends;
  options.layers = layers;
  const auto model = Model::load(runtime, options);
  // More where embedding or output are read faster on the other device, as measured.
  EXPECT_GE(model->executor().segments().size(), n_segments);
  Session session(*model);
  const SequenceId sequence = session.create();
  Rows rows = append(session, sequence, prompt(40, 7));
  const SequenceId fork = session.fork(sequence);
  for (auto& row : append(session, fork, prompt(9, 3))) rows.push_back(std::move(row));
  session.truncate(sequence, 35);
  for (auto& row : append(session, sequence, prompt(3, 5))) rows.push_back(std::move(row));
  return rows;
}

double largest_difference(const Rows& a, const Rows& b) {
  EXPECT_EQ(a.size(), b.size());
  double largest = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    for (std::size_t j = 0; j < a[i].size(); ++j)
      largest = std::max(largest, std::fabs(double{a[i][j]} - double{b[i][j]}));
  return largest;
}

TEST(TwoBackends, GiveWhatOneGivesAloneInEitherOrder) {
  const Rows cpu = logits_of({"cpu"}, {}, 1);
  // f32 sums against doubles: some 30 sums of up to 96 terms of magnitude 1, in units of 2^-24,
  // make 2e-4 at most; what went wrong at a border would be of the size of the logits.
  const double bound = 2e-4;
  ASSERT_GT(std::fabs(cpu[0][0]), 100 * bound);
  EXPECT_LT(largest_difference(logits_of({"twin"}, {}, 1), cpu), bound);
  EXPECT_LT(largest_difference(logits_of({"twin", "cpu"}, {{"twin", 1}}, 2), cpu), bound);
  EXPECT_LT(largest_difference(logits_of({"cpu", "twin"}, {{"cpu", 1}}, 2), cpu), bound);
  EXPECT_LT(largest_difference(logits_of({"twin:0", "twin:1"}, {{"twin:0", 1}}, 2), cpu), bound);
  EXPECT_LT(largest_difference(logits_of({"twin:twin-b", "twin"}, {{"twin:1", 1}}, 2), cpu), bound);
}

TEST(TwoBackends, NamesThatFitSeveralDevicesAreWrongUsage) {
  EXPECT_THROW(logits_of({"twin:0", "twin:1"}, {{"twin", 1}}, 2), Error);
}

}  // namespace
}  // namespace wick
