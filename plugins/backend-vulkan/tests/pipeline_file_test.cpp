// The pipeline cache on disk: what is read back, and what is not believed.
#include "pipeline_file.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace wick::vulkan {
namespace {

class PipelineFile : public ::testing::Test {
 protected:
  PipelineFile() {
    device_.driver_key = "driver-1";
    file_ = (std::filesystem::temp_directory_path() /
             ("wick-pipelines-" + std::to_string(getpid()) + "-" +
              ::testing::UnitTest::GetInstance()->current_test_info()->name()))
                .string();
  }
  ~PipelineFile() override { std::filesystem::remove(file_); }

  void change(std::streamoff at) {
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(at, at < 0 ? std::ios::end : std::ios::beg);
    const auto place = file.tellg();
    const int byte = file.get();
    file.seekp(place);
    file.put(static_cast<char>(byte ^ 1));
  }

  PhysicalDevice device_;
  std::string file_;
  std::vector<std::uint8_t> data_ = std::vector<std::uint8_t>(1000, 42);
};

TEST_F(PipelineFile, GivesBackWhatWasKept) {
  ASSERT_TRUE(write_pipeline_file(file_, device_, data_));
  EXPECT_EQ(read_pipeline_file(file_, device_), data_);
}

TEST_F(PipelineFile, IsEmptyWhereThereIsNone) {
  EXPECT_TRUE(read_pipeline_file(file_, device_).empty());
  EXPECT_TRUE(read_pipeline_file("", device_).empty());
}

TEST_F(PipelineFile, IsNotBelievedWhenAByteChanged) {
  ASSERT_TRUE(write_pipeline_file(file_, device_, data_));
  change(-500);
  EXPECT_TRUE(read_pipeline_file(file_, device_).empty());
}

TEST_F(PipelineFile, IsNotBelievedWhenItIsCut) {
  ASSERT_TRUE(write_pipeline_file(file_, device_, data_));
  for (const std::uintmax_t size : {std::uintmax_t{900}, std::uintmax_t{20}, std::uintmax_t{0}}) {
    std::filesystem::resize_file(file_, size);
    EXPECT_TRUE(read_pipeline_file(file_, device_).empty()) << size;
  }
}

TEST_F(PipelineFile, IsNotBelievedUnderAnotherDriver) {
  ASSERT_TRUE(write_pipeline_file(file_, device_, data_));
  device_.driver_key = "driver-2";
  EXPECT_TRUE(read_pipeline_file(file_, device_).empty());
}

TEST_F(PipelineFile, LeavesNothingWhereItCannotBeWritten) {
  EXPECT_FALSE(write_pipeline_file("/proc/no-such-folder/file", device_, data_));
}

}  // namespace
}  // namespace wick::vulkan
