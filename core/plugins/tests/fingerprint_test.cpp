// What makes a fingerprint another one, and what must not.
#include "plugins/fingerprint.h"

#include "plugins/manifest.h"
#include "plugins/tests/plugin_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>

namespace wick {
namespace {

using testing::PluginFolder;
namespace fs = std::filesystem;

std::string print_of(const std::vector<std::string>& paths,
                     const std::vector<std::string>& variables = {}) {
  Manifest manifest;
  manifest.fingerprint = paths;
  manifest.fingerprint_env = variables;
  return driver_fingerprint(manifest);
}

class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

TEST(Fingerprint, IsTheSameForTheSame) {
  const PluginFolder folder;
  folder.write("a.json", "{}");
  const auto first = print_of({folder.path().string()});
  EXPECT_EQ(first.size(), 16u);
  EXPECT_EQ(print_of({folder.path().string()}), first);
}

TEST(Fingerprint, SeesFilesThatComeChangeAndGo) {
  const PluginFolder folder;
  const std::string place = folder.path().string();
  const auto empty = print_of({place});
  const fs::path file = folder.write("driver.json", "one");
  const auto one = print_of({place});
  EXPECT_NE(one, empty);
  fs::last_write_time(file, fs::last_write_time(file) - std::chrono::hours(1));
  const auto older = print_of({place});
  EXPECT_NE(older, one);
  folder.write("driver.json", "three");
  EXPECT_NE(print_of({place}), older);
  fs::remove(file);
  EXPECT_EQ(print_of({place}), empty);
}

TEST(Fingerprint, TellsAbsentFromEmpty) {
  const PluginFolder folder;
  const std::string file = (folder.path() / "version").string();
  const auto absent = print_of({file});
  folder.write("version", "");
  EXPECT_NE(print_of({file}), absent);
}

TEST(Fingerprint, ReadsTheKernelsFilesWhoseTimesMeanNothing) {
  const std::string version = "/proc/sys/kernel/osrelease";
  if (!fs::exists(version)) GTEST_SKIP() << "no /proc";
  EXPECT_NE(print_of({version}), print_of({"/proc/sys/kernel/absent"}));
  EXPECT_EQ(print_of({version}), print_of({version}));
  // A file that changes at every read, and has no size.
  EXPECT_NE(print_of({"/proc/sys/kernel/random/uuid"}), print_of({"/proc/sys/kernel/random/uuid"}));
}

TEST(Fingerprint, OpensNoPipe) {
  const PluginFolder folder;
  ASSERT_EQ(::mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(print_of({folder.path().string()}).size(), 16u);
  EXPECT_EQ(print_of({(folder.path() / "pipe").string(), "/dev/zero"}).size(), 16u);
}

TEST(Fingerprint, SeesVariablesAndTheFilesThatTheyName) {
  const PluginFolder folder;
  const fs::path file = folder.write("driver.json", "one");
  const auto without = print_of({}, {"WICK_TEST_DRIVERS"});
  const Variable variable("WICK_TEST_DRIVERS", "/no/such/file:" + file.string());
  const auto with = print_of({}, {"WICK_TEST_DRIVERS"});
  EXPECT_NE(with, without);
  EXPECT_EQ(print_of({}), print_of({}, {}));
  folder.write("driver.json", "three");
  EXPECT_NE(print_of({}, {"WICK_TEST_DRIVERS"}), with);
}

TEST(Fingerprint, KnowsTheHomeFolder) {
  const PluginFolder folder;
  const char* old = std::getenv("HOME");
  const std::string home = old ? old : "";
  ::setenv("HOME", folder.path().c_str(), 1);
  const auto without = print_of({"~/driver.json"});
  folder.write("driver.json", "one");
  EXPECT_NE(print_of({"~/driver.json"}), without);
  old ? ::setenv("HOME", home.c_str(), 1) : ::unsetenv("HOME");
}

}  // namespace
}  // namespace wick
