// Models in several files.
#include <cstdint>
#include <cstring>

#include "base/tests/temp_folder.h"
#include "files/gguf.h"
#include "files/tests/gguf_bytes.h"

namespace wick {
namespace {

struct Part {
  std::uint16_t number;
  std::uint16_t n_parts = 3;
  std::int32_t n_tensors = 3;
};

// Part `number` holds tensor `tNUMBER` of 8 values NUMBER.
std::string part_bytes(const Part& part) {
  GgufBytes file;
  if (part.number == 0) file.text("general.architecture", "example");
  file.value<std::uint16_t>("split.no", part.number)
      .value<std::uint16_t>("split.count", part.n_parts);
  file.value<std::int32_t>("split.tensors.count", part.n_tensors);
  std::string values;
  for (int i = 0; i < 8; ++i) append_number(values, static_cast<float>(part.number));
  file.tensor("t" + std::to_string(part.number), {8}, 0, 0).data(values);
  return file.bytes();
}

std::string part_name(int number) {
  return "m-0000" + std::to_string(number + 1) + "-of-00003.gguf";
}

void write_parts(const TempFolder& folder) {
  for (std::uint16_t i = 0; i < 3; ++i) folder.write(part_name(i), part_bytes({i}));
}

TEST(GgufSplit, OpensAllPartsFromAnyOfThem) {
  const TempFolder folder;
  write_parts(folder);
  for (int opened = 0; opened < 3; ++opened) {
    const GgufFile file = GgufFile::open(folder.file(part_name(opened)));
    EXPECT_EQ(file.parts().size(), 3U);
    EXPECT_EQ(file.path(), folder.file(part_name(0)));
    EXPECT_EQ(file.get_string("general.architecture"), "example");
    ASSERT_EQ(file.tensors().size(), 3U);
    for (std::uint32_t i = 0; i < 3; ++i) {
      const GgufTensor* tensor = file.find_tensor("t" + std::to_string(i));
      ASSERT_NE(tensor, nullptr);
      EXPECT_EQ(tensor->part, i);
      float value = -1;
      std::memcpy(&value, tensor->data.data(), sizeof value);
      EXPECT_EQ(value, static_cast<float>(i));
    }
  }
}

TEST(GgufSplit, NamesTheMissingPart) {
  const TempFolder folder;
  write_parts(folder);
  std::filesystem::remove(folder.file(part_name(1)));
  expect_error(ErrorCode::kMissingFile, part_name(1),
               [&] { GgufFile::open(folder.file(part_name(2))); });
}

TEST(GgufSplit, RefusesAPartOfAnotherModel) {
  const TempFolder folder;
  write_parts(folder);
  folder.write(part_name(1), part_bytes({1, 3, 9}));
  expect_error(ErrorCode::kBadFile, "same model",
               [&] { GgufFile::open(folder.file(part_name(0))); });
  folder.write(part_name(1), part_bytes({2}));
  expect_error(ErrorCode::kBadFile, "'split.no' does not agree",
               [&] { GgufFile::open(folder.file(part_name(0))); });
  folder.write(part_name(1), part_bytes({1, 4}));
  expect_error(ErrorCode::kBadFile, "'split.count' does not agree",
               [&] { GgufFile::open(folder.file(part_name(0))); });
  folder.write(part_name(1), "GGUF");
  expect_error(ErrorCode::kBadFile, part_name(1),
               [&] { GgufFile::open(folder.file(part_name(0))); });
  folder.write(part_name(1), GgufBytes().bytes());
  expect_error(ErrorCode::kBadFile, "same model",
               [&] { GgufFile::open(folder.file(part_name(0))); });
}

TEST(GgufSplit, RefusesAWrongTotalOfTensors) {
  const TempFolder folder;
  for (std::uint16_t i = 0; i < 3; ++i) folder.write(part_name(i), part_bytes({i, 3, 4}));
  expect_error(ErrorCode::kBadFile, "'split.tensors.count'",
               [&] { GgufFile::open(folder.file(part_name(0))); });
}

TEST(GgufSplit, RefusesATensorThatTwoPartsHold) {
  const TempFolder folder;
  write_parts(folder);
  GgufBytes second;
  second.value<std::uint16_t>("split.no", 1).value<std::uint16_t>("split.count", 3);
  second.value<std::int32_t>("split.tensors.count", 3).tensor("t0", {8}, 0, 0).data(32);
  folder.write(part_name(1), second.bytes());
  expect_error(ErrorCode::kBadFile, "'t0': is there twice",
               [&] { GgufFile::open(folder.file(part_name(0))); });
}

TEST(GgufSplit, OpensOnePartThatCallsItselfWhole) {
  const TempFolder folder;
  GgufBytes whole;
  whole.value<std::uint16_t>("split.count", 1).value<std::uint16_t>("split.no", 0);
  EXPECT_EQ(GgufFile::open(folder.write("m.gguf", whole.bytes())).parts().size(), 1U);
}

}  // namespace
}  // namespace wick
