// What an open checkpoint says, and which ones are refused.
#include "files/safetensors.h"

#include "base/tests/temp_folder.h"
#include "files/tests/gguf_bytes.h"

namespace wick {
namespace {

std::string safetensors(const std::string& header, std::size_t n_data_bytes) {
  std::string bytes;
  append_text(bytes, header);
  return bytes + std::string(n_data_bytes, '\1');
}

const char kGood[] =
    R"({"__metadata__": {"format": "pt"},
        "b": {"dtype": "F32", "shape": [2, 3], "data_offsets": [4, 28]},
        "a": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}})";

TEST(Safetensors, ListsTensorsByOffset) {
  const TempFolder folder;
  const auto file = SafetensorsFile::open(folder.write("m.safetensors", safetensors(kGood, 28)));
  ASSERT_EQ(file.tensors().size(), 2U);
  EXPECT_EQ(file.tensors()[0].name, "a");
  const SafeTensor* b = file.find_tensor("b");
  ASSERT_NE(b, nullptr);
  EXPECT_EQ(b->dtype, "F32");
  EXPECT_EQ(b->shape, (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(b->n_values, 6U);
  EXPECT_EQ(b->data.size(), 24U);
  EXPECT_EQ(file.metadata().at("format"), "pt");
  EXPECT_EQ(file.find_tensor("c"), nullptr);
}

TEST(Safetensors, AcceptsScalarsEmptyTensorsAndNoTensors) {
  const TempFolder folder;
  const std::string header = R"({"s": {"dtype": "I64", "shape": [], "data_offsets": [0, 8]},
                                 "e": {"dtype": "F32", "shape": [0, 4], "data_offsets": [8, 8]}})";
  const auto file = SafetensorsFile::open(folder.write("m.safetensors", safetensors(header, 8)));
  EXPECT_EQ(file.find_tensor("s")->n_values, 1U);
  EXPECT_EQ(file.find_tensor("e")->n_values, 0U);
  EXPECT_TRUE(
      SafetensorsFile::open(folder.write("n.safetensors", safetensors("{}", 0))).tensors().empty());
}

struct BadHeader {
  const char* word;
  std::string header;
  std::size_t n_data_bytes = 8;
};

std::string entry(const std::string& content) {
  return R"({"a": {)" + content + "}}";
}

TEST(Safetensors, RefusesWrongHeadersWithASentence) {
  const BadHeader cases[] = {
      {"JSON cannot be read", R"({"a": )"},
      {"no object", "[1, 2]"},
      {"JSON cannot be read", std::string(1000, '[')},
      {"no JSON object", R"({"a": 3})"},
      {"'__metadata__' is no", R"({"__metadata__": 3})", 0},
      {"no text", R"({"__metadata__": {"x": 3}})", 0},
      {"'dtype'", entry(R"("shape": [2], "data_offsets": [0, 8])")},
      {"'F33'", entry(R"("dtype": "F33", "shape": [2], "data_offsets": [0, 8])")},
      {"'shape'", entry(R"("dtype": "F32", "shape": 2, "data_offsets": [0, 8])")},
      {"'shape' holds", entry(R"("dtype": "F32", "shape": [-2], "data_offsets": [0, 8])")},
      {"'shape' holds", entry(R"("dtype": "F32", "shape": [2.0], "data_offsets": [0, 8])")},
      {"overflows",
       entry(R"("dtype": "F32", "shape": [4294967296, 4294967296], "data_offsets": [0, 8])")},
      {"agree with its shape",
       entry(R"("dtype": "F32", "shape": [4611686018427387906], "data_offsets": [0, 8])")},
      {"agree with its shape", entry(R"("dtype": "F32", "shape": [3], "data_offsets": [0, 8])")},
      {"agree with its shape", entry(R"("dtype": "F4", "shape": [15], "data_offsets": [0, 8])")},
      {"'data_offsets'", entry(R"("dtype": "F32", "shape": [2])")},
      {"'data_offsets'", entry(R"("dtype": "F32", "shape": [2], "data_offsets": [0])")},
      {"outside the file", entry(R"("dtype": "F32", "shape": [2], "data_offsets": [8, 0])")},
      {"outside the file", entry(R"("dtype": "F32", "shape": [2], "data_offsets": [0, 9])")},
      {"outside the file",
       entry(R"("dtype": "F32", "shape": [2], "data_offsets": [8, 18446744073709551615])")},
      {"gap", entry(R"("dtype": "F32", "shape": [1], "data_offsets": [4, 8])")},
      {"behind its last tensor", entry(R"("dtype": "F32", "shape": [1], "data_offsets": [0, 4])")},
      {"'a' is there twice", R"({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
                                 "a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}})"},
      {"'shape' is there twice",
       entry(R"("dtype": "F32", "shape": [2], "shape": [2], "data_offsets": [0, 8])")},
      {"overlaps", R"({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
                       "b": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}})"},
  };
  const TempFolder folder;
  for (const BadHeader& bad : cases) {
    SCOPED_TRACE(bad.header.substr(0, 200));
    const std::string path =
        folder.write("m.safetensors", safetensors(bad.header, bad.n_data_bytes));
    expect_error(ErrorCode::kBadFile, bad.word, [&] { SafetensorsFile::open(path); });
  }
}

TEST(Safetensors, RefusesACutFileOrAHugeHeader) {
  const TempFolder folder;
  const std::string good = safetensors(kGood, 28);
  for (std::size_t size = 0; size < good.size(); ++size) {
    const std::string path = folder.write("m.safetensors", good.substr(0, size));
    const auto error = error_of([&] { SafetensorsFile::open(path); });
    ASSERT_TRUE(error.has_value()) << "cut to " << size;
    EXPECT_EQ(error->code(), ErrorCode::kBadFile);
  }
  std::string huge = good;
  huge.replace(0, 8, 8, '\xff');
  expect_error(ErrorCode::kBadFile, "header of 18446744073709551615 bytes",
               [&] { SafetensorsFile::open(folder.write("m.safetensors", huge)); });
}

TEST(Safetensors, SurvivesEveryChangedByte) {
  const TempFolder folder;
  const std::string good = safetensors(kGood, 28);
  for (std::size_t i = 0; i + 28 < good.size(); ++i)
    for (const int change : {0x01, 0x10, 0x80}) {
      std::string changed = good;
      changed[i] = static_cast<char>(changed[i] ^ change);
      const std::string path = folder.write("m.safetensors", changed);
      const auto error = error_of([&] { SafetensorsFile::open(path); });
      EXPECT_EQ(error ? error->code() : ErrorCode::kBadFile, ErrorCode::kBadFile);
    }
}

class SafetensorsIndex : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write(
        "x.safetensors",
        safetensors(R"({"a": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}})", 4));
    folder_.write(
        "y.safetensors",
        safetensors(R"({"b": {"dtype": "U8", "shape": [2], "data_offsets": [0, 2]}})", 2));
  }
  void expect_bad(ErrorCode code, std::string_view word, std::string_view index) {
    const std::string path = folder_.write("model.safetensors.index.json", index);
    expect_error(code, word, [&] { SafetensorsFile::open(path); });
  }
  TempFolder folder_;
};

TEST_F(SafetensorsIndex, JoinsTheFilesThatItNames) {
  folder_.write("model.safetensors.index.json",
                R"({"metadata": {}, "weight_map": {"a": "x.safetensors", "b": "y.safetensors"}})");
  const auto file = SafetensorsFile::open(folder_.file("."));
  EXPECT_EQ(file.parts().size(), 2U);
  EXPECT_EQ(file.find_tensor("a")->part, 0U);
  EXPECT_EQ(file.find_tensor("b")->part, 1U);
  EXPECT_EQ(file.find_tensor("b")->data.size(), 2U);
}

TEST_F(SafetensorsIndex, IsRefusedWhenItDoesNotAgreeWithTheFiles) {
  expect_bad(ErrorCode::kMissingFile, "z.safetensors", R"({"weight_map": {"a": "z.safetensors"}})");
  expect_bad(ErrorCode::kBadFile, "'c'",
             R"({"weight_map": {"a": "x.safetensors", "c": "x.safetensors"}})");
  expect_bad(ErrorCode::kBadFile, "'a': is not in the file",
             R"({"weight_map": {"a": "y.safetensors", "b": "x.safetensors"}})");
  expect_bad(ErrorCode::kBadFile, "same folder", R"({"weight_map": {"a": "../x.safetensors"}})");
  expect_bad(ErrorCode::kBadFile, "same folder", R"({"weight_map": {"a": "/etc/passwd"}})");
  // A terminal would obey it: the sentence has the name.
  expect_bad(ErrorCode::kBadFile, "same folder", R"({"weight_map": {"a": "\u001b[2Jx"}})");
  expect_bad(ErrorCode::kBadFile, "same folder", R"({"weight_map": {"a": 3}})");
  expect_bad(ErrorCode::kBadFile, "'weight_map'", R"({"metadata": {}})");
  expect_bad(ErrorCode::kBadFile, "JSON", "");
  folder_.write("y.safetensors", read_whole(folder_.file("x.safetensors")));
  expect_bad(ErrorCode::kBadFile, "need it once",
             R"({"weight_map": {"a": "x.safetensors", "b": "y.safetensors"}})");
}

TEST(Safetensors, NamesWhatIsNotThere) {
  const TempFolder folder;
  expect_error(ErrorCode::kMissingFile, "model.safetensors",
               [&] { SafetensorsFile::open(folder.file(".")); });
  expect_error(ErrorCode::kMissingFile, "none",
               [&] { SafetensorsFile::open(folder.file("none")); });
}

TEST(Safetensors, OpensACheckpointOfAnotherWriter) {
  const std::string folder = WICK_TEST_SHARED_DIR "/models/ember";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no checkpoint in " << folder;
  const auto file = SafetensorsFile::open(folder);
  const SafeTensor* embedding = file.find_tensor("model.embed_tokens.weight");
  ASSERT_NE(embedding, nullptr);
  EXPECT_EQ(embedding->dtype, "BF16");
  EXPECT_EQ(embedding->shape, (std::vector<std::uint64_t>{1406, 256}));
  EXPECT_EQ(file.metadata().at("format"), "pt");
}

}  // namespace
}  // namespace wick
