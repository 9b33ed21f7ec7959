// What a mapped file promises.
#include "base/mapped_file.h"

#include <cstring>

#include "base/tests/temp_folder.h"

namespace wick {
namespace {

std::string text_of(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

TEST(MappedFile, HoldsTheBytesOfTheFile) {
  const TempFolder folder;
  const MappedFile file = MappedFile::open(folder.write("a", "some text"));
  EXPECT_EQ(file.size(), 9U);
  EXPECT_EQ(text_of(file), "some text");
  EXPECT_EQ(file.path(), folder.file("a"));
}

TEST(MappedFile, KeepsItsAddressWhenMoved) {
  const TempFolder folder;
  MappedFile first = MappedFile::open(folder.write("a", "text"));
  const std::byte* const data = first.bytes().data();
  MappedFile second = std::move(first);
  EXPECT_EQ(second.bytes().data(), data);
  MappedFile third;
  third = std::move(second);
  EXPECT_EQ(third.bytes().data(), data);
  EXPECT_EQ(text_of(third), "text");
}

TEST(MappedFile, OpensAnEmptyFile) {
  const TempFolder folder;
  const MappedFile file = MappedFile::open(folder.write("empty", ""));
  EXPECT_EQ(file.size(), 0U);
  file.advise_sequential();
  file.drop(0, 10);
}

TEST(MappedFile, NamesAFileThatIsNotThere) {
  const TempFolder folder;
  expect_error(ErrorCode::kMissingFile, "nothing",
               [&] { MappedFile::open(folder.file("nothing")); });
  expect_error(ErrorCode::kMissingFile, "folder", [&] { MappedFile::open(folder.file(".")); });
}

TEST(MappedFile, ReadsDroppedPagesAgain) {
  const TempFolder folder;
  const std::string text(3 * 65536 + 100, 'x');
  const MappedFile file = MappedFile::open(folder.write("a", text));
  EXPECT_EQ(text_of(file), text);
  file.drop(0, file.size());
  file.drop(1, 100);
  file.drop(file.size() + 5, 100);
  file.drop(65536, ~std::uint64_t{0});
  EXPECT_EQ(text_of(file), text);
}

}  // namespace
}  // namespace wick
