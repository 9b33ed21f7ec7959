// What the backend under test keeps between tokens.
#include "conformance/state_checks.h"
#include "under_test.h"

namespace wick::tests {
namespace {

struct StateCase {
  const char* storage;
  bool precise;
};
void PrintTo(const StateCase& c, std::ostream* out) {
  *out << c.storage;
}

class State : public ::testing::TestWithParam<StateCase> {
 protected:
  void SetUp() override {
    for (const auto& storage : conformance::all_storage())
      if (storage.name == GetParam().storage) make(storage);
    ASSERT_TRUE(checks_ || IsSkipped());
  }
  conformance::StateChecks& checks() { return *checks_; }

 private:
  void make(const conformance::StorageEntry& storage) {
    const auto& device = device_under_test();
    for (const char* op : {"embed@1", "matmul@1"})
      if (!device.supports(op, storage.pointer(), storage.plain_type))
        GTEST_SKIP() << "no " << op << " with " << storage.name;
    for (const char* op : {"rms_norm@1", "rope@1", "attention@1", "short_conv@1", "add@1"})
      if (!device.supports(op, nullptr, WICK_TYPE_F32)) GTEST_SKIP() << "no " << op;
    const conformance::Agreement agreement{promises_bytes(), GetParam().precise};
    checks_ = std::make_unique<conformance::StateChecks>(device, storage, agreement);
  }
  std::unique_ptr<conformance::StateChecks> checks_;
};

TEST_P(State, IsThatOfTheOracle) {
  EXPECT_EQ(checks().oracle(), "");
}
TEST_P(State, DoesNotDependOnHowAPromptIsCut) {
  for (const std::uint32_t n : {1u, 2u, 3u, 7u, 32u, 75u})
    EXPECT_EQ(checks().pieces(n), "") << "pieces of " << n;
}
TEST_P(State, IsForkedByCopyingABlock) {
  EXPECT_EQ(checks().fork(), "");
}
TEST_P(State, SurvivesReadingAndWritingABlock) {
  EXPECT_EQ(checks().save_and_restore(), "");
}
TEST_P(State, SurvivesAResize) {
  EXPECT_EQ(checks().resize(), "");
}
TEST_P(State, IsNotMixedBetweenSequencesOfABatch) {
  EXPECT_EQ(checks().interleaved(), "");
}
TEST_P(State, OfAFullBlockIsSharedBetweenSequences) {
  EXPECT_EQ(checks().shared_prefix(), "");
}
TEST_P(State, IsCutAtABlockBorder) {
  EXPECT_EQ(checks().truncated(), "");
}

INSTANTIATE_TEST_SUITE_P(Conformance, State,
                         ::testing::Values(StateCase{"f32", true}, StateCase{"f32", false},
                                           StateCase{"u8g32", true}, StateCase{"u8g32", false},
                                           StateCase{"u4g32x2m", true},
                                           StateCase{"u4g32x2m", false}),
                         [](const auto& tested) {
                           return std::string(tested.param.storage) + "_" +
                                  conformance::precision_name(tested.param.precise);
                         });

}  // namespace
}  // namespace wick::tests
