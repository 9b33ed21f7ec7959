// Copies of a small template, made in a folder of the test.
#include "cli/plugins_new.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <wick/error.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace wick::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class PluginsNew : public ::testing::Test {
 protected:
  PluginsNew() {
    char name[] = "/tmp/wick-new-XXXXXX";
    if (::mkdtemp(name) != nullptr) folder_ = name;
    fs::create_directories(templates() / "arch");
    write(templates() / "arch" / "template_name.cpp",
          "namespace template_name { class TemplateName; }  // template-name, @VERSION@\n");
    write(templates() / "arch" / "README.md", "# template-name\n");
  }
  ~PluginsNew() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  fs::path templates() const { return folder_ / "templates"; }
  fs::path target() const { return folder_ / "made"; }
  std::string sentence(const std::string& kind, const std::string& name) const {
    try {
      copy_template(templates(), kind, name, target());
    } catch (const Error& e) {
      return e.code() == ErrorCode::kUsage ? e.what() : "no usage error";
    }
    return "";
  }
  static void write(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }
  static std::string read(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  fs::path folder_;
};

TEST_F(PluginsNew, ReplacesTheNameInItsSpellings) {
  EXPECT_THAT(copy_template(templates(), "arch", "my-big2-model", target()),
              ElementsAre("README.md", "my_big2_model.cpp"));
  EXPECT_EQ(read(target() / "my_big2_model.cpp"),
            "namespace my_big2_model { class MyBig2Model; }  // my-big2-model, @VERSION@\n");
  EXPECT_EQ(read(target() / "README.md"), "# my-big2-model\n");
}

TEST_F(PluginsNew, RefusesAFolderThatIsThere) {
  fs::create_directory(target());
  EXPECT_THAT(sentence("arch", "mine"), HasSubstr("is there already"));
  EXPECT_TRUE(fs::is_empty(target()));
}

TEST_F(PluginsNew, RefusesAKindThatIsNone) {
  EXPECT_THAT(sentence("arhc", "mine"), HasSubstr("unknown kind 'arhc'"));
  EXPECT_THAT(sentence("arhc", "mine"), HasSubstr("need one of arch"));
  EXPECT_FALSE(fs::exists(target()));
}

TEST_F(PluginsNew, RefusesABadName) {
  for (const char* name :
       {"", "Mine", "my_model", "-mine", "mine-", "my--model", "2mine", "../mine", "m\xc3\xbcller",
        "template-name-of-more-than-forty-characters"})
    EXPECT_THAT(sentence("arch", name), HasSubstr("is no name for a plugin")) << name;
}

TEST_F(PluginsNew, LeavesNothingBehindAfterAFailure) {
  sentence("arch", "Bad");
  std::size_t n = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(target().parent_path())) ++n;
  EXPECT_EQ(n, 1u);
}

}  // namespace
}  // namespace wick::cli
