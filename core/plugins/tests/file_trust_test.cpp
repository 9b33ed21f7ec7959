// Who may have written a file, judged on real folders under /tmp.
#include "plugins/file_trust.h"

#include "plugins/tests/plugin_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace wick {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::PluginFolder;

class FileTrust : public ::testing::Test {
 protected:
  FileTrust() {
    fs::create_directories(folder_.path() / "sub");
    file_ = folder_.write("sub/a.so", "x");
    chmod(folder_.path() / "sub", 0755);
  }
  static void chmod(const fs::path& path, mode_t mode) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
  }

  PluginFolder folder_;
  fs::path file_;
};

TEST_F(FileTrust, AcceptsAFileUnderAStickyFolder) {
  EXPECT_EQ(distrust(file_), std::nullopt);
}

TEST_F(FileTrust, RefusesAFileThatOthersMayWrite) {
  chmod(file_, 0646);
  EXPECT_THAT(distrust(file_).value_or(""), HasSubstr("a.so may be written by others"));
  chmod(file_, 0664);
  EXPECT_TRUE(distrust(file_));
}

TEST_F(FileTrust, RefusesAFileWhoseFolderOthersMayWrite) {
  chmod(folder_.path() / "sub", 0777);
  EXPECT_THAT(distrust(file_).value_or(""), HasSubstr("sub may be written by others"));
}

TEST_F(FileTrust, RefusesTheFilesOwnFolderEvenIfItIsSticky) {
  chmod(folder_.path() / "sub", 01777);
  EXPECT_TRUE(distrust(file_));
}

TEST_F(FileTrust, RefusesAFileBelowAFolderThatOthersMayWrite) {
  chmod(folder_.path(), 0775);
  EXPECT_TRUE(distrust(file_));
  chmod(folder_.path(), 01777);
  EXPECT_EQ(distrust(file_), std::nullopt);
}

TEST_F(FileTrust, RefusesAFileOfAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_EQ(::chown(file_.c_str(), 12345, 0), 0);
  EXPECT_THAT(distrust(file_).value_or(""), HasSubstr("belongs to user 12345"));
}

TEST_F(FileTrust, FollowsLinksToWhereTheyLead) {
  const fs::path link = folder_.path() / "sub" / "link.so";
  fs::create_directories(folder_.path() / "open");
  const fs::path target = folder_.write("open/b.so", "x");
  fs::create_symlink("../open/b.so", link);
  EXPECT_EQ(distrust(link), std::nullopt);
  chmod(folder_.path() / "open", 0777);
  EXPECT_THAT(distrust(link).value_or(""), HasSubstr("open may be written by others"));
}

TEST_F(FileTrust, ChecksTheFolderThatALinkLiesIn) {
  fs::create_directories(folder_.path() / "open");
  fs::create_symlink(file_, folder_.path() / "open" / "link.so");
  chmod(folder_.path() / "open", 0777);
  EXPECT_TRUE(distrust(folder_.path() / "open" / "link.so"));
}

TEST_F(FileTrust, RefusesLinksInACircle) {
  fs::create_symlink("b", folder_.path() / "a");
  fs::create_symlink("a", folder_.path() / "b");
  EXPECT_THAT(distrust(folder_.path() / "a").value_or(""), HasSubstr("link to nowhere"));
}

TEST_F(FileTrust, RefusesWhatIsNoFileOrNotThereOrRelative) {
  EXPECT_THAT(distrust(folder_.path() / "sub").value_or(""), HasSubstr("is no file"));
  EXPECT_THAT(distrust(folder_.path() / "none").value_or(""), HasSubstr("cannot be looked at"));
  EXPECT_THAT(distrust("a.so").value_or(""), HasSubstr("not an absolute path"));
}

}  // namespace
}  // namespace wick
