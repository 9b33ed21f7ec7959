// What the writer writes, the reader reads.
#include "files/gguf_writer.h"

#include <cstring>
#include <limits>

#include "base/tests/temp_folder.h"
#include "files/gguf.h"

namespace wick {
namespace {

const TypeLayout kF32Layout = {"F32", 1, 4};

std::span<const std::byte> bytes_of(const std::vector<float>& values) {
  return std::as_bytes(std::span(values));
}

template <class T>
void expect_number_back(GgufType type, T value) {
  const TempFolder folder;
  GgufWriter writer(folder.file("m.gguf"));
  writer.add_number<T>("key", value);
  writer.add_numbers<T>("keys", std::vector<T>{value, T{1}});
  writer.begin();
  writer.finish();
  const GgufFile file = GgufFile::open(folder.file("m.gguf"));
  const GgufValue& one = *file.find("key");
  EXPECT_EQ(one.type, type);
  ASSERT_EQ(one.bytes.size(), sizeof(T));
  EXPECT_EQ(std::memcmp(one.bytes.data(), &value, sizeof value), 0);
  const GgufValue& many = *file.find("keys");
  EXPECT_EQ(many.element, type);
  EXPECT_EQ(many.count, 2U);
  ASSERT_EQ(many.bytes.size(), 2 * sizeof(T));
  EXPECT_EQ(std::memcmp(many.bytes.data(), &value, sizeof value), 0);
}

TEST(GgufWriter, BringsBackNumbersOfEveryType) {
  expect_number_back<std::uint8_t>(GgufType::kU8, 255);
  expect_number_back<std::int8_t>(GgufType::kI8, -128);
  expect_number_back<std::uint16_t>(GgufType::kU16, 65535);
  expect_number_back<std::int16_t>(GgufType::kI16, -32768);
  expect_number_back<std::uint32_t>(GgufType::kU32, std::numeric_limits<std::uint32_t>::max());
  expect_number_back<std::int32_t>(GgufType::kI32, std::numeric_limits<std::int32_t>::min());
  expect_number_back<std::uint64_t>(GgufType::kU64, std::numeric_limits<std::uint64_t>::max());
  expect_number_back<std::int64_t>(GgufType::kI64, std::numeric_limits<std::int64_t>::min());
  expect_number_back<float>(GgufType::kF32, 1e-38F);
  expect_number_back<double>(GgufType::kF64, 1e308);
}

TEST(GgufWriter, BringsBackTextAndBoolsInOrder) {
  const TempFolder folder;
  GgufWriter writer(folder.file("m.gguf"));
  writer.add_string("z", std::string_view("with\0zero", 9));
  writer.add_bool("y", false);
  const bool flags[] = {true, false, true};
  writer.add_bools("x", flags);
  writer.add_strings("w", std::vector<std::string>{"", "b"});
  writer.add_strings("v", {});
  writer.begin();
  writer.finish();
  const GgufFile file = GgufFile::open(folder.file("m.gguf"));
  ASSERT_EQ(file.metadata().size(), 5U);
  EXPECT_EQ(file.metadata()[0].key, "z");
  EXPECT_EQ(file.metadata()[4].key, "v");
  EXPECT_EQ(file.get_string("z")->size(), 9U);
  EXPECT_EQ(file.get_bool("y"), false);
  EXPECT_EQ(file.need_numbers<std::int32_t>("x"), (std::vector<std::int32_t>{1, 0, 1}));
  EXPECT_EQ(file.need_strings("w").size(), 2U);
  EXPECT_TRUE(file.need_strings("v").empty());
}

TEST(GgufWriter, StreamsTensorsInPieces) {
  const TempFolder folder;
  GgufWriter writer(folder.file("m.gguf"), 64);
  writer.add_tensor({"b", {3, 2}, 0, kF32Layout});
  writer.add_tensor({"a", {2}, 0, kF32Layout});
  writer.begin();
  const std::vector<float> first = {1, 2, 3, 4, 5, 6};
  const std::vector<float> second = {7, 8};
  writer.write_data(bytes_of(first).first(5));
  writer.write_data(bytes_of(first).subspan(5));
  writer.write_data(bytes_of(second));
  writer.finish();
  const GgufFile file = GgufFile::open(folder.file("m.gguf"));
  EXPECT_EQ(file.need_u64("general.alignment"), 64U);
  EXPECT_EQ(file.tensors()[0].name, "b");
  EXPECT_EQ(file.tensors()[0].rows(), 2U);
  EXPECT_EQ(std::memcmp(file.tensors()[0].data.data(), first.data(), 24), 0);
  EXPECT_EQ(std::memcmp(file.tensors()[1].data.data(), second.data(), 8), 0);
  EXPECT_EQ(file.tensors()[1].offset % 64, 0U);
  EXPECT_EQ(file.file_bytes() % 64, 0U);
}

TEST(GgufWriter, BindsTypesOfItsOwnByName) {
  const TempFolder folder;
  const TypeLayout layout = {"org.example.half@1", 32, 16};
  GgufWriter writer(folder.file("m.gguf"));
  writer.add_tensor({"a", {64}, kFirstLocalTypeId + 5, layout});
  writer.add_tensor({"b", {32, 2}, kFirstLocalTypeId + 5, layout});
  writer.begin();
  writer.write_data(std::as_bytes(std::span("0123456789abcdef0123456789abcde")));
  writer.write_data(std::as_bytes(std::span("0123456789abcdef0123456789abcde")));
  writer.finish();
  const GgufFile file = GgufFile::open(folder.file("m.gguf"));
  EXPECT_EQ(file.tensors()[0].type_name, "org.example.half@1");
  EXPECT_EQ(file.tensors()[1].n_bytes, 32U);
  ASSERT_NE(file.find_local_type(kFirstLocalTypeId + 5), nullptr);
  EXPECT_EQ(file.find_local_type(kFirstLocalTypeId + 5)->block_values, 32U);
  EXPECT_EQ(file.find_local_type(kFirstLocalTypeId), nullptr);
}

TEST(GgufWriter, CopiesAModelOfAnotherWriter) {
  const std::string source = WICK_TEST_SHARED_DIR "/models/ember-BF16.gguf";
  if (!std::filesystem::exists(source)) GTEST_SKIP() << "no model " << source;
  const TempFolder folder;
  const GgufFile model = GgufFile::open(source);
  GgufWriter writer(folder.file("copy.gguf"));
  for (const GgufValue& value : model.metadata()) writer.add_value(value);
  for (const GgufTensor& tensor : model.tensors()) {
    const std::vector<std::uint64_t> dims(tensor.dims.begin(), tensor.dims.begin() + tensor.n_dims);
    writer.add_tensor(
        {std::string(tensor.name), dims, tensor.type_id, *plain_type_layout(tensor.type_id)});
  }
  writer.begin();
  for (const GgufTensor& tensor : model.tensors()) writer.write_data(tensor.data);
  writer.finish();
  EXPECT_EQ(read_whole(folder.file("copy.gguf")), read_whole(source));
}

TEST(GgufWriter, RefusesCallsOutOfOrder) {
  const TempFolder folder;
  const std::vector<float> values = {1, 2};
  {
    GgufWriter writer(folder.file("m.gguf"));
    writer.add_tensor({"a", {2}, 0, kF32Layout});
    expect_error(ErrorCode::kBadArgument, "too early",
                 [&] { writer.write_data(bytes_of(values)); });
    expect_error(ErrorCode::kBadArgument, "cannot be finished", [&] { writer.finish(); });
    writer.begin();
    expect_error(ErrorCode::kBadArgument, "twice", [&] { writer.begin(); });
    expect_error(ErrorCode::kBadArgument, "too late", [&] { writer.add_bool("k", true); });
    expect_error(ErrorCode::kBadArgument, "too late", [&] {
      writer.add_tensor({"b", {2}, 0, kF32Layout});
    });
    writer.write_data(bytes_of(values).first(4));
    expect_error(ErrorCode::kBadArgument, "cannot be finished", [&] { writer.finish(); });
    expect_error(ErrorCode::kBadArgument, "too many", [&] { writer.write_data(bytes_of(values)); });
  }
  EXPECT_EQ(folder.n_files(), 0U);
}

TEST(GgufWriter, RefusesWhatNoReaderWouldTake) {
  const TempFolder folder;
  expect_error(ErrorCode::kBadArgument, "power of two", [&] { GgufWriter(folder.file("m"), 24); });
  GgufWriter writer(folder.file("m.gguf"));
  writer.add_bool("k", true);
  writer.add_tensor({"a", {2}, 0, kF32Layout});
  expect_error(ErrorCode::kBadArgument, "given twice", [&] { writer.add_bool("k", true); });
  expect_error(ErrorCode::kBadArgument, "given twice", [&] {
    writer.add_tensor({"a", {2}, 0, kF32Layout});
  });
  expect_error(ErrorCode::kBadArgument, "wrong length", [&] { writer.add_bool("", true); });
  expect_error(ErrorCode::kBadArgument, "dimensions", [&] {
    writer.add_tensor({"b", {}, 0, kF32Layout});
  });
  expect_error(ErrorCode::kBadArgument, "wrong dimension", [&] {
    writer.add_tensor({"b", {2, 0}, 0, kF32Layout});
  });
  expect_error(ErrorCode::kBadArgument, "2^63", [&] {
    writer.add_tensor({"b", {1ULL << 40, 1ULL << 40}, 0, kF32Layout});
  });
  expect_error(ErrorCode::kBadArgument, "whole number", [&] {
    writer.add_tensor({"b", {40}, 2, {"HALF", 32, 16}});
  });
  writer.add_tensor({"c", {4}, kFirstLocalTypeId, {"x@1", 4, 4}});
  expect_error(ErrorCode::kBadArgument, "two layouts", [&] {
    writer.add_tensor({"d", {4}, kFirstLocalTypeId, {"y@1", 4, 4}});
  });
}

}  // namespace
}  // namespace wick
