// Compiled programs on disk: what is read back, and what is not believed.
#include "binary_file.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace wick::opencl {
namespace {

using Bytes = std::vector<std::uint8_t>;

class BinaryFile : public ::testing::Test {
 protected:
  BinaryFile() {
    file_ = (std::filesystem::temp_directory_path() /
             ("wick-binary-" + std::to_string(getpid()) + "-" +
              ::testing::UnitTest::GetInstance()->current_test_info()->name()))
                .string();
  }
  ~BinaryFile() override { std::filesystem::remove(file_); }

  void flip(std::uintmax_t at) {
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(at));
    file.put(static_cast<char>(byte ^ 1));
  }
  Bytes read(const std::string& key) const { return read_binary_file(file_, key); }

  const std::string key_ = "driver 1\n-D X=1\nkernel void a() {}";
  const Bytes binary_ = Bytes(1000, 42);
  std::string file_;
};

TEST_F(BinaryFile, GivesBackWhatWasKept) {
  ASSERT_TRUE(write_binary_file(file_, key_, binary_));
  EXPECT_EQ(read(key_), binary_);
}

TEST_F(BinaryFile, IsReplacedByALaterOne) {
  ASSERT_TRUE(write_binary_file(file_, key_, binary_));
  ASSERT_TRUE(write_binary_file(file_, key_, Bytes(10, 1)));
  EXPECT_EQ(read(key_), Bytes(10, 1));
}

TEST_F(BinaryFile, IsEmptyWhereThereIsNone) {
  EXPECT_TRUE(read(key_).empty());
  EXPECT_TRUE(read_binary_file("", key_).empty());
}

TEST_F(BinaryFile, IsNotBelievedWhereverAByteChanged) {
  ASSERT_TRUE(write_binary_file(file_, key_, binary_));
  const std::uintmax_t size = std::filesystem::file_size(file_);
  for (std::uintmax_t at = 0; at < size; at += at < 80 ? 1 : 97) {
    flip(at);
    EXPECT_TRUE(read(key_).empty()) << "byte " << at;
    flip(at);
  }
  EXPECT_EQ(read(key_), binary_);
}

TEST_F(BinaryFile, IsNotBelievedWhenItIsTorn) {
  ASSERT_TRUE(write_binary_file(file_, key_, binary_));
  for (const std::uintmax_t size : {std::uintmax_t{1000}, std::uintmax_t{33}, std::uintmax_t{32},
                                    std::uintmax_t{7}, std::uintmax_t{0}}) {
    std::filesystem::resize_file(file_, size);
    EXPECT_TRUE(read(key_).empty()) << size;
  }
}

TEST_F(BinaryFile, IsNotBelievedWithMoreBehindIt) {
  ASSERT_TRUE(write_binary_file(file_, key_, binary_));
  std::ofstream(file_, std::ios::app) << "more";
  EXPECT_TRUE(read(key_).empty());
}

TEST_F(BinaryFile, IsNotBelievedUnderAnotherKey) {
  ASSERT_TRUE(write_binary_file(file_, key_, binary_));
  EXPECT_TRUE(read("driver 2" + key_.substr(8)).empty());
  EXPECT_TRUE(read(key_ + " ").empty());
  EXPECT_TRUE(read("").empty());
}

TEST_F(BinaryFile, HasANameOfItsOwnForEveryKey) {
  EXPECT_EQ(binary_file_of("/a", key_), binary_file_of("/a", key_));
  EXPECT_NE(binary_file_of("/a", key_), binary_file_of("/a", key_ + " "));
  EXPECT_EQ(binary_file_of("/a", key_).rfind("/a/opencl-", 0), 0u);
}

TEST_F(BinaryFile, LeavesNothingWhereItCannotBeWritten) {
  EXPECT_FALSE(write_binary_file("/proc/no-such-folder/file", key_, binary_));
  // A folder stands in its way: what was written beside is gone again.
  std::filesystem::create_directory(file_);
  EXPECT_FALSE(write_binary_file(file_, key_, binary_));
  EXPECT_FALSE(std::filesystem::exists(file_ + "." + std::to_string(getpid())));
}

}  // namespace
}  // namespace wick::opencl
