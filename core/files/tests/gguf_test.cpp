// What an open GGUF file says about itself.
#include "files/gguf.h"

#include <cstring>
#include <limits>

#include "base/tests/temp_folder.h"
#include "files/tests/bad_gguf.h"

namespace wick {
namespace {

/// Knows one block format, by id 2.
class OneFormat final : public TypeLayouts {
 public:
  std::optional<TypeLayout> find(std::uint32_t type_id) const override {
    if (type_id != 2) return std::nullopt;
    return TypeLayout{"HALF", 32, 16};
  }
};

GgufFile open_bytes(const TempFolder& folder, const GgufBytes& file,
                    const TypeLayouts& layouts = no_formats()) {
  return GgufFile::open(folder.write("model.gguf", file.bytes()), layouts);
}

TEST(GgufFile, FindsValuesByKey) {
  const TempFolder folder;
  const GgufFile file = open_bytes(folder, good_gguf());
  EXPECT_EQ(file.version(), 3U);
  EXPECT_EQ(file.get_string("general.architecture"), "example");
  EXPECT_EQ(file.get_u64("example.count"), 7U);
  EXPECT_EQ(file.get_f64("example.epsilon"), 0.5);
  EXPECT_EQ(file.get_bool("example.flag"), true);
  EXPECT_EQ(file.get_u64("example"), std::nullopt);
  EXPECT_EQ(file.find("zzz"), nullptr);
  EXPECT_EQ(file.metadata()[1].key, "example.count");
}

TEST(GgufFile, SaysWhichKeyIsMissingOrMistyped) {
  const TempFolder folder;
  const GgufFile file = open_bytes(folder, good_gguf());
  expect_error(ErrorCode::kBadFile, "model.gguf: key 'none': is missing",
               [&] { file.need_u64("none"); });
  expect_error(ErrorCode::kBadFile, "got f32, need an integer",
               [&] { file.get_u64("example.epsilon"); });
  expect_error(ErrorCode::kBadFile, "model.gguf: key 'example.count'",
               [&] { file.get_string("example.count"); });
  expect_error(ErrorCode::kBadFile, "array of string",
               [&] { file.need_numbers<float>("example.words"); });
  expect_error(ErrorCode::kBadFile, "need bool", [&] { file.get_bool("example.count"); });
  expect_error(ErrorCode::kBadFile, "need f32", [&] { file.need_f64("example.count"); });
}

TEST(GgufFile, ReadsIntegersOfAnyWidthThatFit) {
  const TempFolder folder;
  GgufBytes bytes;
  bytes.value<std::uint8_t>("u8", 200).value<std::int8_t>("i8", -5).value<std::uint16_t>("u16",
                                                                                         60000);
  bytes.value<std::int16_t>("i16", -6).value<std::int32_t>("i32", -7).value<std::int64_t>("i64",
                                                                                          -8);
  bytes.value<std::uint64_t>("u64", std::numeric_limits<std::uint64_t>::max());
  const GgufFile file = open_bytes(folder, bytes);
  EXPECT_EQ(file.get_u64("u8"), 200U);
  EXPECT_EQ(file.get_i64("i8"), -5);
  EXPECT_EQ(file.get_i64("u16"), 60000);
  EXPECT_EQ(file.get_i64("i16"), -6);
  EXPECT_EQ(file.get_i64("i32"), -7);
  EXPECT_EQ(file.get_i64("i64"), -8);
  EXPECT_EQ(file.get_u64("u64"), std::numeric_limits<std::uint64_t>::max());
  expect_error(ErrorCode::kBadFile, "got -8", [&] { file.get_u64("i64"); });
  expect_error(ErrorCode::kBadFile, "out of range", [&] { file.get_i64("u64"); });
}

TEST(GgufFile, ConvertsArraysOfNumbersThatFit) {
  const TempFolder folder;
  GgufBytes bytes;
  bytes.numbers<std::int16_t>("i16", {-3, 4}).numbers<std::uint32_t>("u32", {1, 0xffffffff});
  bytes.numbers<double>("f64", {0.5, -2.0}).numbers<std::uint8_t>("none", {});
  const GgufFile file = open_bytes(folder, bytes);
  EXPECT_EQ(file.need_numbers<std::int32_t>("i16"), (std::vector<std::int32_t>{-3, 4}));
  EXPECT_EQ(file.need_numbers<std::uint64_t>("u32"), (std::vector<std::uint64_t>{1, 0xffffffff}));
  EXPECT_EQ(file.need_numbers<float>("f64"), (std::vector<float>{0.5F, -2.0F}));
  EXPECT_TRUE(file.need_numbers<std::int64_t>("none").empty());
  EXPECT_EQ(file.get_numbers<float>("absent"), std::nullopt);
  expect_error(ErrorCode::kBadFile, "got -3", [&] { file.need_numbers<std::uint32_t>("i16"); });
  expect_error(ErrorCode::kBadFile, "got 4294967295",
               [&] { file.need_numbers<std::int32_t>("u32"); });
}

TEST(GgufFile, IteratesStringsWithoutCopying) {
  const TempFolder folder;
  const GgufFile file = open_bytes(folder, good_gguf());
  const GgufStrings words = file.need_strings("example.words");
  EXPECT_EQ(words.size(), 3U);
  const std::vector<std::string_view> found(words.begin(), words.end());
  EXPECT_EQ(found, (std::vector<std::string_view>{"one", "", "three"}));
  const auto bytes = file.parts()[0].bytes();
  EXPECT_GT(static_cast<const void*>(found[0].data()), static_cast<const void*>(bytes.data()));
  EXPECT_LT(static_cast<const void*>(found[0].data()),
            static_cast<const void*>(bytes.data() + bytes.size()));
}

TEST(GgufFile, DescribesItsTensors) {
  const TempFolder folder;
  GgufBytes bytes;
  bytes.tensor("m", {3, 2}, 0, 0).data(std::string_view("\0\0\x80\x3f", 4)).data(20);
  bytes.alignment = 32;
  const GgufFile file = open_bytes(folder, bytes);
  const GgufTensor* tensor = file.find_tensor("m");
  ASSERT_NE(tensor, nullptr);
  EXPECT_EQ(tensor->cols(), 3U);
  EXPECT_EQ(tensor->rows(), 2U);
  EXPECT_EQ(tensor->n_dims, 2U);
  EXPECT_EQ(tensor->type_name, "F32");
  EXPECT_EQ(tensor->n_bytes, 24U);
  float first = 0;
  std::memcpy(&first, tensor->data.data(), sizeof first);
  EXPECT_EQ(first, 1.0F);
  EXPECT_EQ(file.find_tensor("n"), nullptr);
}

TEST(GgufFile, AsksTheFormatsForBlockTypes) {
  const TempFolder folder;
  GgufBytes bytes;
  bytes.tensor("q", {64, 3}, 2, 0).data(96);
  const GgufFile file = open_bytes(folder, bytes, OneFormat());
  EXPECT_EQ(file.tensors()[0].n_bytes, 96U);
  EXPECT_EQ(file.tensors()[0].type_name, "HALF");
  GgufBytes odd;
  odd.tensor("q", {40, 3}, 2, 0).data(96);
  expect_error(ErrorCode::kBadFile, "multiple of 32",
               [&] { open_bytes(folder, odd, OneFormat()); });
}

TEST(GgufFile, ListsATensorOfAnUnknownType) {
  const TempFolder folder;
  GgufBytes bytes;
  bytes.tensor("q", {64, 3}, 777, 32).data(96);
  const GgufFile file = open_bytes(folder, bytes);
  EXPECT_EQ(file.tensors()[0].n_bytes, std::nullopt);
  EXPECT_EQ(file.tensors()[0].type_name, "");
  EXPECT_TRUE(file.tensors()[0].data.empty());
  file.drop(file.tensors()[0]);
}

TEST(GgufFile, ReadsVersion2) {
  const TempFolder folder;
  GgufBytes bytes = good_gguf();
  bytes.version = 2;
  EXPECT_EQ(open_bytes(folder, bytes).version(), 2U);
}

TEST(GgufFile, AcceptsNoTensorsAndNoValues) {
  const TempFolder folder;
  const GgufFile file = open_bytes(folder, GgufBytes());
  EXPECT_TRUE(file.metadata().empty());
  EXPECT_TRUE(file.tensors().empty());
}

TEST(GgufFile, StaysValidWhenMoved) {
  const TempFolder folder;
  GgufFile first = open_bytes(folder, good_gguf());
  const std::string_view text = *first.get_string("general.architecture");
  const GgufFile second = std::move(first);
  EXPECT_EQ(text, "example");
  EXPECT_EQ(second.get_string("general.architecture")->data(), text.data());
}

TEST(GgufFile, OpensModelsOfOtherWriters) {
  const std::string folder = WICK_TEST_SHARED_DIR "/models";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no models in " << folder;
  int n_models = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".gguf") continue;
    const GgufFile file = GgufFile::open(entry.path().string());
    EXPECT_EQ(file.metadata().empty() || file.tensors().empty(), false);
    EXPECT_NE(file.find("general.architecture"), nullptr);
    EXPECT_EQ(file.file_bytes(), std::filesystem::file_size(entry.path()));
    const GgufTensor* norm = file.find_tensor("blk.0.ffn_norm.weight");
    ASSERT_NE(norm, nullptr) << entry.path();
    EXPECT_EQ(norm->type_name, "F32");
    EXPECT_EQ(norm->n_bytes, 4 * norm->cols());
    ++n_models;
  }
  EXPECT_GE(n_models, 5);
}

}  // namespace
}  // namespace wick
