// What a static program compares before it opens a library.
#include "plugins/c_library.h"

#include "base/tests/temp_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wick {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

constexpr char kOne[] = "GNU C Library (Debian GLIBC 2.36-9) stable release version 2.36.";
constexpr char kOther[] = "GNU C Library (Debian GLIBC 2.36-10) stable release version 2.36.";

/// A folder whose libc.so.6 says `line` somewhere inside.
void write_library(const TempFolder& folder, const std::string& line) {
  folder.write("libc.so.6", std::string("\x7f"
                                        "ELF\0GNU C\0",
                                        10) +
                                line + "\nCopyright");
}

TEST(CLibrary, TheSameBuildIsNotForeign) {
  const TempFolder folder;
  write_library(folder, kOne);
  EXPECT_EQ(foreign_c_library(kOne, {folder.file("none"), folder.file("")}), std::nullopt);
}

TEST(CLibrary, AnotherBuildIsNamedInTheSentence) {
  const TempFolder folder;
  write_library(folder, kOther);
  EXPECT_THAT(foreign_c_library(kOne, {folder.file("")}),
              Optional(AllOf(HasSubstr("got " + std::string(kOther)),
                             HasSubstr("need " + std::string(kOne)))));
}

TEST(CLibrary, TheFirstFolderThatHasOneCounts) {
  const TempFolder first, second;
  write_library(first, kOther);
  write_library(second, kOne);
  EXPECT_TRUE(foreign_c_library(kOne, {first.file(""), second.file("")}));
  EXPECT_FALSE(foreign_c_library(kOne, {second.file(""), first.file("")}));
}

TEST(CLibrary, NoneAtAllIsForeign) {
  const TempFolder folder;
  EXPECT_THAT(foreign_c_library(kOne, {folder.file("")}), Optional(HasSubstr("got none")));
  folder.write("libc.so.6", "");
  EXPECT_THAT(foreign_c_library(kOne, {folder.file("")}), Optional(HasSubstr("got none")));
}

TEST(CLibrary, AProgramThatUsesTheSystemsHasNothingToAsk) {
  EXPECT_FALSE(foreign_c_library("", {}));
  EXPECT_FALSE(foreign_c_library());
}

}  // namespace
}  // namespace wick
