// Measured times: what is kept, what is read back, and what is not believed.
#include "gemm_choices.h"

#include "conformance/test_host.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "binary_file.h"

namespace wick::opencl {
namespace {

const GemmTimes own_wins{0.001, 0.002, -1}, clblast_wins{0.002, 0.001, -1},
    f16_wins{0.003, 0.002, 0.001}, f16_loses{0.002, 0.001, 0.003};

class AGemmChoices : public ::testing::Test {
 protected:
  AGemmChoices() : host_(1) {
    folder_ = (std::filesystem::temp_directory_path() /
               ("wick-gemm-" + std::to_string(getpid()) + "-" +
                ::testing::UnitTest::GetInstance()->current_test_info()->name()))
                  .string();
    std::filesystem::create_directory(folder_);
  }
  ~AGemmChoices() override { std::filesystem::remove_all(folder_); }
  sdk::Host host() const { return sdk::Host(host_.api()); }
  std::string file() const { return binary_file_of(folder_, "key"); }

  conformance::TestHost host_;
  std::string folder_;
};

TEST_F(AGemmChoices, IsTheFasterWayOfAShape) {
  GemmChoices choices(host(), "", "key");
  EXPECT_EQ(choices.find("a"), std::nullopt);
  choices.keep("a", own_wins);
  choices.keep("b", clblast_wins);
  EXPECT_EQ(choices.find("a"), GemmWay::kOwn);
  EXPECT_EQ(choices.find("b"), GemmWay::kClblast);
  EXPECT_EQ(choices.find("c"), std::nullopt);
}

TEST_F(AGemmChoices, IsThereAtTheNextStart) {
  GemmChoices(host(), folder_, "key").keep("4.32 [130, 77] of 9-64 tokens", clblast_wins);
  const GemmChoices next(host(), folder_, "key");
  EXPECT_EQ(next.find("4.32 [130, 77] of 9-64 tokens"), GemmWay::kClblast);
  EXPECT_EQ(next.find("4.32 [130, 77] of 65-256 tokens"), std::nullopt);
}

TEST_F(AGemmChoices, KeepsWhatOthersMeasuredMeanwhile) {
  GemmChoices one(host(), folder_, "key"), other(host(), folder_, "key");
  one.keep("a", own_wins);
  other.keep("b", clblast_wins);
  const GemmChoices next(host(), folder_, "key");
  EXPECT_EQ(next.find("a"), GemmWay::kOwn);
  EXPECT_EQ(next.find("b"), GemmWay::kClblast);
}

TEST_F(AGemmChoices, IsNotThatOfAnotherDriver) {
  GemmChoices(host(), folder_, "key").keep("a", own_wins);
  std::filesystem::copy_file(file(), binary_file_of(folder_, "another"));
  EXPECT_EQ(GemmChoices(host(), folder_, "another").find("a"), std::nullopt);
}

TEST_F(AGemmChoices, IsNotBelievedWhereAnyByteChanged) {
  GemmChoices(host(), folder_, "key").keep("a", clblast_wins);
  std::ifstream in(file(), std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  ASSERT_GT(whole.size(), 40u);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    std::ofstream(file(), std::ios::binary | std::ios::trunc) << changed;
    EXPECT_EQ(GemmChoices(host(), folder_, "key").find("a"), std::nullopt) << "byte " << i;
  }
}

TEST_F(AGemmChoices, StopsAtALineThatIsNone) {
  const std::string text = "0.002 0.001 -1 a\nnonsense\n0.002 0.001 -1 b\n";
  ASSERT_TRUE(write_binary_file(file(), "key", {text.begin(), text.end()}));
  const GemmChoices choices(host(), folder_, "key");
  EXPECT_EQ(choices.find("a"), GemmWay::kClblast);
  EXPECT_EQ(choices.find("b"), std::nullopt);
}

TEST_F(AGemmChoices, IsForThisProcessAloneWhereItCannotBeWritten) {
  GemmChoices choices(host(), folder_ + "/none", "key");
  choices.keep("a", clblast_wins);
  EXPECT_EQ(choices.find("a"), GemmWay::kClblast);
}

TEST_F(AGemmChoices, IsOursOnceClblastFailed) {
  GemmChoices choices(host(), folder_, "key");
  choices.keep("a", clblast_wins);
  choices.give_up(GemmWay::kClblast, "card: CLBlastSgemm: result -3000");
  EXPECT_EQ(choices.find("a"), GemmWay::kOwn);
  EXPECT_EQ(choices.find("b"), GemmWay::kOwn);
}

TEST_F(AGemmChoices, IsClblastInF16OnlyWhereThatWasFaster) {
  {
    GemmChoices choices(host(), folder_, "key");
    choices.keep("a", f16_wins);
    choices.keep("b", f16_loses);
  }
  GemmChoices next(host(), folder_, "key");
  EXPECT_EQ(next.find("a"), GemmWay::kClblastF16);
  EXPECT_EQ(next.find("b"), GemmWay::kClblast);
  next.give_up(GemmWay::kClblastF16, "card: CLBlastHgemmStridedBatched: result -2045");
  EXPECT_EQ(next.find("a"), GemmWay::kClblast) << "f32 is still there";
}

TEST(GemmTokens, ShareAChoiceWithTheirLikes) {
  EXPECT_STREQ(tokens_text(9), "9-64");
  EXPECT_STREQ(tokens_text(64), "9-64");
  EXPECT_STREQ(tokens_text(65), "65-256");
  EXPECT_STREQ(tokens_text(256), "65-256");
  EXPECT_STREQ(tokens_text(257), "257-");
}

}  // namespace
}  // namespace wick::opencl
