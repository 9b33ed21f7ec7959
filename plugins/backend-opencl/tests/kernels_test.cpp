// Programs: built once, kept for the next start, and what is said where the driver's compiler
// fails.
#include "kernels.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "a_device.h"

namespace wick::opencl {
namespace {

namespace fs = std::filesystem;

class CompiledKernels : public ADevice {
 protected:
  void SetUp() override {
    ADevice::SetUp();
    folder_ = fs::temp_directory_path() /
              ("wick-kernels-" + std::to_string(getpid()) + "-" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directory(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::vector<fs::path> files() const {
    return {fs::directory_iterator(folder_), fs::directory_iterator()};
  }
  static std::string text_of(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
  }
  std::string failure(const std::string& folder) {
    Kernels kernels(*device_, folder);
    try {
      kernels.get(KernelFile::copy, kBroken);
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::kUnavailable);
      return e.what();
    }
    return "it was compiled";
  }
  const Options kSelect = {{"SELECT", 0}};
  // No compiler takes a source without the word `kernel`.
  const Options kBroken = {{"kernel", 1}};
  fs::path folder_;
};

TEST_F(CompiledKernels, AreKeptAndFoundAgain) {
  Kernels(*device_, folder_).get(KernelFile::copy, kSelect);
  ASSERT_EQ(files().size(), 1u);
  const auto written = fs::last_write_time(files()[0]);
  Kernels again(*device_, folder_);
  EXPECT_NE(again.get(KernelFile::copy, kSelect), nullptr);
  EXPECT_EQ(fs::last_write_time(files()[0]), written) << "it was compiled anew";
  again.get(KernelFile::copy, {{"SELECT", 1}});
  EXPECT_EQ(files().size(), 2u) << "other options are another program";
}

TEST_F(CompiledKernels, AreMadeAnewWhereTheFileIsDamaged) {
  Kernels(*device_, folder_).get(KernelFile::copy, kSelect);
  const std::string whole = text_of(files().at(0));
  std::string flipped = whole;
  flipped[whole.size() / 2] = static_cast<char>(flipped[whole.size() / 2] ^ 0x10);
  for (const std::string& damaged : {flipped, whole.substr(0, whole.size() / 2), std::string()}) {
    std::ofstream(files()[0], std::ios::binary | std::ios::trunc) << damaged;
    EXPECT_NE(Kernels(*device_, folder_).get(KernelFile::copy, kSelect), nullptr);
    EXPECT_EQ(text_of(files().at(0)).size(), whole.size());
  }
}

TEST_F(CompiledKernels, NeedNoFolder) {
  EXPECT_NE(Kernels(*device_, "").get(KernelFile::copy, kSelect), nullptr);
  EXPECT_NE(Kernels(*device_, "/proc/no-such-folder").get(KernelFile::copy, kSelect), nullptr);
}

TEST_F(CompiledKernels, ThatFailAreOneSentenceAndAFileToReport) {
  const std::string said = failure(folder_);
  EXPECT_NE(said.find(device_->name() + ": the driver cannot compile the kernel copy: "),
            std::string::npos)
      << said;
  EXPECT_EQ(said.find('\n'), std::string::npos) << said;
  ASSERT_EQ(files().size(), 1u) << "no program, one report";
  EXPECT_NE(said.find(files()[0].string()), std::string::npos) << said;
  const std::string report = text_of(files()[0]);
  for (const char* part : {"-D kernel=1", "error", "void copy("})
    EXPECT_NE(report.find(part), std::string::npos) << part;
  EXPECT_NE(report.find(device_->about().description), std::string::npos);
}

TEST_F(CompiledKernels, ThatFailSayNothingOfAFileThatCannotBeWritten) {
  for (const char* folder : {"", "/proc/no-such-folder"}) {
    const std::string said = failure(folder);
    EXPECT_NE(said.find("cannot compile the kernel copy"), std::string::npos);
    EXPECT_EQ(said.find("report this"), std::string::npos) << said;
  }
}

}  // namespace
}  // namespace wick::opencl
