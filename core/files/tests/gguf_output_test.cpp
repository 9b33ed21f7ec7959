// Models in one file and in several, as the reader sees them, and what is left where writing fails.
#include "files/gguf_output.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "base/atomic_file.h"
#include "base/tests/temp_folder.h"
#include "files/gguf.h"
#include "files/gguf_split.h"

namespace wick {
namespace {

using ::testing::ElementsAre;

const TypeLayout kF32Layout = {"F32", 1, 4};

GgufTensorSpec vector_of_two(const std::string& name) {
  return {name, {2}, 0, kF32Layout};
}

std::vector<std::byte> eight_bytes(unsigned char value) {
  return std::vector<std::byte>(8, static_cast<std::byte>(value));
}

/// Three parts: of one tensor, of none, of two.
void add_three_parts(GgufOutput& output) {
  output.first().add_string("general.name", "three");
  output.add_tensor(0, vector_of_two("a"));
  output.add_tensor(2, vector_of_two("b"));
  output.add_tensor(2, {"c", {4}, kFirstLocalTypeId, {"x@1", 4, 4}});
  output.begin();
}

void write_three_parts(GgufOutput& output) {
  output.write_data(eight_bytes(1));
  output.write_data(eight_bytes(2));
  output.write_data(std::vector<std::byte>(4, std::byte{3}));
}

TEST(GgufOutput, InSeveralPartsIsReadAsOneModel) {
  const TempFolder folder;
  GgufOutput output(folder.file("m.gguf"), 3);
  add_three_parts(output);
  write_three_parts(output);
  output.commit();
  EXPECT_EQ(folder.n_files(), 3u);
  for (const char* name : {"m-00001-of-00003.gguf", "m-00003-of-00003.gguf"}) {
    const GgufFile file = GgufFile::open(folder.file(name));
    ASSERT_EQ(file.tensors().size(), 3u);
    EXPECT_EQ(file.find("general.name")->as_string(), "three");
    EXPECT_EQ(file.tensors()[1].part, 2u);
    EXPECT_EQ(file.tensors()[1].data[0], std::byte{2});
    EXPECT_EQ(file.tensors()[2].type_name, "x@1");  // bound in the first part
  }
}

TEST(GgufOutput, InOnePartHasNoKeysOfASplit) {
  const TempFolder folder;
  GgufOutput output(folder.file("m.gguf"), 1);
  output.add_tensor(0, vector_of_two("a"));
  output.begin();
  output.write_data(eight_bytes(1));
  output.commit();
  EXPECT_EQ(GgufFile::open(folder.file("m.gguf")).find("split.count"), nullptr);
}

TEST(GgufOutput, LeavesNothingWhereAPartCannotBePutInPlace) {
  const TempFolder folder;
  GgufOutput output(folder.file("m.gguf"), 3);
  add_three_parts(output);
  write_three_parts(output);
  std::filesystem::create_directory(folder.file("m-00003-of-00003.gguf"));
  expect_error(ErrorCode::kIo, "put in place", [&] { output.commit(); });
  EXPECT_FALSE(std::filesystem::exists(folder.file("m-00001-of-00003.gguf")));
  EXPECT_FALSE(std::filesystem::exists(folder.file("m-00002-of-00003.gguf")));
}

TEST(GgufOutput, KeepsWhatItWouldHaveReplacedWhereALaterPartFails) {
  const TempFolder folder;
  const std::string old = folder.file("m-00001-of-00003.gguf");
  AtomicFile file(old);
  file.write("old");
  file.commit();
  {
    GgufOutput output(folder.file("m.gguf"), 3);
    add_three_parts(output);
    write_three_parts(output);
    std::filesystem::create_directory(folder.file("m-00003-of-00003.gguf"));
    expect_error(ErrorCode::kIo, "", [&] { output.commit(); });
  }
  EXPECT_EQ(std::filesystem::file_size(old), 3u);
  EXPECT_EQ(folder.n_files(), 2u);  // and the folder
}

TEST(GgufOutput, ReplacesFilesAndLeavesNoOtherName) {
  const TempFolder folder;
  for (int i = 0; i < 2; ++i) {
    GgufOutput output(folder.file("m.gguf"), 3);
    add_three_parts(output);
    write_three_parts(output);
    output.commit();
    EXPECT_EQ(folder.n_files(), 3u);
  }
}

TEST(GgufOutput, LeavesNothingWhereItIsGivenUp) {
  const TempFolder folder;
  {
    GgufOutput output(folder.file("m.gguf"), 3);
    add_three_parts(output);
    output.write_data(eight_bytes(1));
    expect_error(ErrorCode::kBadArgument, "finished", [&] { output.commit(); });
  }
  EXPECT_EQ(folder.n_files(), 0u);
}

TEST(GgufOutput, TakesTensorsInTheOrderOfTheirParts) {
  const TempFolder folder;
  GgufOutput output(folder.file("m.gguf"), 2);
  output.add_tensor(1, vector_of_two("a"));
  expect_error(ErrorCode::kBadArgument, "order", [&] { output.add_tensor(0, vector_of_two("b")); });
  expect_error(ErrorCode::kBadArgument, "order", [&] { output.add_tensor(2, vector_of_two("c")); });
}

TEST(GgufPartPaths, AreMadeOfOneName) {
  EXPECT_THAT(gguf_part_paths("m.gguf", 1), ElementsAre("m.gguf"));
  EXPECT_THAT(gguf_part_paths("d/m.gguf", 2),
              ElementsAre("d/m-00001-of-00002.gguf", "d/m-00002-of-00002.gguf"));
  EXPECT_THAT(gguf_part_paths("m", 2),
              ElementsAre("m-00001-of-00002.gguf", "m-00002-of-00002.gguf"));
  EXPECT_EQ(gguf_part_paths("m-00001-of-00012.gguf", 12)[11], "m-00012-of-00012.gguf");
  for (const char* wrong : {"m-00002-of-00012.gguf", "m-00001-of-00011.gguf"})
    expect_error(ErrorCode::kUsage, "00001-of-00012", [&] { gguf_part_paths(wrong, 12); });
}

}  // namespace
}  // namespace wick
