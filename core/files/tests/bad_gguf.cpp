// Hand-made GGUF files that the reader must refuse, by what is wrong in them.
#include "files/tests/bad_gguf.h"

#include <cstdint>
#include <limits>
#include <utility>

namespace wick {
namespace {

constexpr std::uint64_t kHuge = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint32_t kF32 = 0;
constexpr std::uint32_t kI8 = 24;
constexpr std::uint32_t kLocal = 0x10000;
constexpr auto kU8Type = static_cast<std::uint32_t>(GgufType::kU8);
constexpr auto kU64Type = static_cast<std::uint32_t>(GgufType::kU64);
constexpr auto kBoolType = static_cast<std::uint32_t>(GgufType::kBool);
constexpr auto kStringType = static_cast<std::uint32_t>(GgufType::kString);
constexpr auto kArrayType = static_cast<std::uint32_t>(GgufType::kArray);

std::string number_bytes(std::uint64_t number) {
  std::string bytes;
  append_number(bytes, number);
  return bytes;
}

using Files = std::vector<BadFile>;

void add(Files& files, const char* name, std::string bytes, const char* word) {
  files.push_back({name, std::move(bytes), ErrorCode::kBadFile, word});
}

void add(Files& files, const char* name, const GgufBytes& file, const char* word) {
  add(files, name, file.bytes(), word);
}

void add_heads(Files& files) {
  add(files, "empty", std::string(), "magic number");
  GgufBytes file = good_gguf();
  file.magic = "GGML";
  add(files, "older_magic", file, "'GGML'");
  file.magic = std::string("\0\x01\xff\n", 4);
  add(files, "unprintable_magic", file, "'\\x00\\x01\\xff\\x0a'");
  file = good_gguf();
  file.version = 0;
  add(files, "version_0", file, "got 0");
  file.version = 1;
  add(files, "version_1", file, "got 1,");
  file.version = 4;
  add(files, "version_4", file, "got 4,");
  file.version = 0x03000000;
  add(files, "big_endian_3", file, "big-endian");
  file.version = 0x02000000;
  add(files, "big_endian_2", file, "big-endian");
  file.version = 0xffffffff;
  add(files, "version_huge", file, "4294967295");
}

void add_counts(Files& files) {
  for (const auto& [name, count] : {std::pair{"value_count_huge", kHuge},
                                    {"value_count_wraps", kHuge / 14 + 2},
                                    {"value_count_2e40", std::uint64_t{1} << 40}}) {
    GgufBytes file = good_gguf();
    file.n_values = count;
    add(files, name, file, "metadata values");
  }
  for (const auto& [name, count] : {std::pair{"tensor_count_huge", kHuge},
                                    {"tensor_count_negative", kHuge / 2 + 1},
                                    {"tensor_count_2e40", std::uint64_t{1} << 40}}) {
    GgufBytes file = good_gguf();
    file.n_tensors = count;
    add(files, name, file, "tensors");
  }
  GgufBytes file = good_gguf();
  file.n_values = 0;
  add(files, "values_read_as_tensors", file, "dimensions");
}

void add_truncations(Files& files) {
  const GgufBytes good = good_gguf();
  const std::string bytes = good.bytes();
  const std::size_t values = 24;
  const std::size_t tensors = good.metadata_end();
  const std::pair<const char*, std::size_t> places[] = {
      {"cut_in_magic", 3},
      {"cut_in_version", 6},
      {"cut_in_tensor_count", 12},
      {"cut_in_value_count", 20},
      {"cut_after_head", values},
      {"cut_in_key_length", values + 4},
      {"cut_in_key", values + 12},
      {"cut_in_value", tensors - 3},
      {"cut_before_tensors", tensors},
      {"cut_in_tensor_name", tensors + 8},
      {"cut_in_dimension", tensors + 17},
      {"cut_in_tensor_offset", good.tensors_end() - 4},
      {"cut_before_data", good.tensors_end()},
      {"cut_in_data", bytes.size() - 40},
      {"cut_last_byte", bytes.size() - 1},
  };
  for (const auto& [name, size] : places) add(files, name, bytes.substr(0, size), "fetch it again");
}

void add_values(Files& files) {
  const auto with = [](auto change) {
    GgufBytes file = good_gguf();
    change(file);
    return file;
  };
  const auto raw = [&](std::uint32_t type, std::string content) {
    return with([&](GgufBytes& file) { file.raw_value("bad.key", type, content); });
  };
  const auto array = [&](std::uint32_t element, std::uint64_t count, std::string content) {
    return with([&](GgufBytes& file) { file.raw_array("bad.key", element, count, content); });
  };
  add(files, "key_length_huge",
      with([](GgufBytes& f) { f.raw_metadata(number_bytes(kHuge)).n_values = 6; }), "metadata key");
  add(files, "key_length_wraps",
      with([](GgufBytes& f) { f.raw_metadata(number_bytes(kHuge - 7)).n_values = 6; }),
      "metadata key");
  add(files, "key_empty", with([](GgufBytes& f) { f.value<std::uint8_t>("", 1); }), "wrong length");
  add(files, "key_too_long",
      with([](GgufBytes& f) { f.value<std::uint8_t>(std::string(65536, 'k'), 1); }), "65536");
  add(files, "key_twice", with([](GgufBytes& f) { f.value<std::uint8_t>("x", 1).text("x", "y"); }),
      "'x': is there twice");
  add(files, "type_13", raw(13, number_bytes(0)), "got 13");
  add(files, "type_huge", raw(0xffffffff, number_bytes(0)), "4294967295");
  add(files, "bool_2", raw(kBoolType, "\x02"), "neither true nor false");
  add(files, "bool_255", raw(kBoolType, "\xff"), "got 255");
  add(files, "bool_in_array_3", array(kBoolType, 3, std::string("\x01\x00\x03", 3)), "got 3");
  add(files, "string_length_huge", raw(kStringType, number_bytes(kHuge)), "metadata string");
  add(files, "string_longer_than_file", raw(kStringType, number_bytes(1 << 20)), "metadata string");
  add(files, "array_count_huge", array(kU64Type, kHuge, ""), "longer than the file");
  add(files, "array_bytes_wrap", array(kU64Type, kHuge / 8 + 2, ""), "longer than the file");
  add(files, "array_of_bytes_too_long", array(kU8Type, 1 << 20, ""), "longer than the file");
  add(files, "string_count_huge", array(kStringType, kHuge, ""), "longer than the file");
  add(files, "string_in_array_huge", array(kStringType, 1, number_bytes(kHuge)),
      "a string of an array");
  add(files, "string_in_array_wraps",
      array(kStringType, 2, number_bytes(0) + number_bytes(kHuge - 15)), "a string of an array");
  add(files, "array_of_arrays", array(kArrayType, 1, std::string(12, '\0')), "array of arrays");
  add(files, "array_of_unknown", array(99, 1, number_bytes(0)), "got 99");
}

void add_alignments(Files& files) {
  for (const auto& [name, alignment] : {std::pair{"alignment_0", 0U},
                                        {"alignment_1", 1U},
                                        {"alignment_12", 12U},
                                        {"alignment_2e31", 1U << 31},
                                        {"alignment_odd", 0xffffffffU}}) {
    GgufBytes file = good_gguf();
    file.value<std::uint32_t>("general.alignment", alignment);
    add(files, name, file, "'general.alignment'");
  }
  GgufBytes file = good_gguf();
  file.text("general.alignment", "32");
  add(files, "alignment_text", file, "wrong type");
  file = good_gguf();
  file.value<std::int32_t>("general.alignment", -32);
  add(files, "alignment_negative", file, "out of range");
}

void add_tensors(Files& files) {
  const auto with = [&](const char* name, const char* word, auto change) {
    GgufBytes file;
    file.tensor("a", {32, 2}, kF32, 0).data(1024);
    change(file);
    add(files, name, file, word);
  };
  with("no_dimensions", "dimensions, got 0", [](GgufBytes& f) { f.tensor("b", {}, kF32, 256); });
  with("five_dimensions", "dimensions, got 5", [](GgufBytes& f) {
    f.tensor("b", {1, 1, 1, 1, 1}, kF32, 256);
  });
  with("zero_row", "dimension 0 is zero", [](GgufBytes& f) { f.tensor("b", {0, 4}, kF32, 256); });
  with("zero_last_dimension", "dimension 2 is zero", [](GgufBytes& f) {
    f.tensor("b", {4, 4, 0}, kF32, 256);
  });
  with("dimension_huge", "overflow", [](GgufBytes& f) { f.tensor("b", {kHuge}, kI8, 256); });
  with("dimensions_wrap_to_zero", "overflow", [](GgufBytes& f) {
    f.tensor("b", {1ULL << 32, 1ULL << 32}, kI8, 256);
  });
  with("dimensions_wrap_to_one", "overflow", [](GgufBytes& f) {
    f.tensor("b", {kHuge, kHuge}, kI8, 256);
  });
  with("bytes_overflow", "overflow", [](GgufBytes& f) { f.tensor("b", {1ULL << 62}, kF32, 256); });
  with("bytes_beyond_file", "outside the file",
       [](GgufBytes& f) { f.tensor("b", {1ULL << 40}, kF32, 256); });
  with("tensor_name_empty", "wrong length", [](GgufBytes& f) { f.tensor("", {4}, kF32, 256); });
  with("tensor_name_twice", "'a': is there twice",
       [](GgufBytes& f) { f.tensor("a", {4}, kF32, 256); });
  with("tensor_name_huge", "tensor name", [](GgufBytes& f) {
    f.raw_tensors(number_bytes(kHuge) + std::string(40, 'x')).n_tensors = 2;
  });
  with("misaligned_by_4", "misaligned", [](GgufBytes& f) { f.tensor("b", {4}, kF32, 260); });
  with("misaligned_for_key", "multiple of 64", [](GgufBytes& f) {
    f.alignment = 64;
    f.value<std::uint32_t>("general.alignment", 64).tensor("b", {4}, kF32, 288);
  });
  with("offset_huge", "outside the file",
       [](GgufBytes& f) { f.tensor("b", {4}, kF32, kHuge - 31); });
  with("offset_at_end", "outside the file", [](GgufBytes& f) { f.tensor("b", {4}, kF32, 1024); });
  with("last_value_outside", "outside the file",
       [](GgufBytes& f) { f.tensor("b", {193}, kF32, 256); });
  with("unknown_type_outside", "outside the file",
       [](GgufBytes& f) { f.tensor("b", {32}, 9999, 1024); });
  with("same_place", "overlaps", [](GgufBytes& f) { f.tensor("b", {4}, kF32, 0); });
  with("overlaps_by_a_block", "overlaps", [](GgufBytes& f) { f.tensor("b", {4}, kF32, 224); });
  with("overlaps_out_of_order", "overlaps",
       [](GgufBytes& f) { f.tensor("c", {128}, kF32, 512).tensor("b", {65}, kF32, 256); });
  with("unknown_type_inside_another", "overlaps",
       [](GgufBytes& f) { f.tensor("b", {32}, 9999, 32); });
  with("unknown_types_same_place", "overlaps",
       [](GgufBytes& f) { f.tensor("c", {32}, 9999, 256).tensor("b", {32}, 9998, 256); });
}

struct LocalTypes {
  std::vector<std::uint32_t> ids = {kLocal};
  std::vector<std::string> names = {"org.example.half@1"};
  std::vector<std::uint32_t> block_values = {32};
  std::vector<std::uint32_t> block_bytes = {16};
};

void add_local_types(Files& files) {
  const auto with = [&](const char* name, const char* word, auto change) {
    LocalTypes types;
    std::uint64_t n_cols = 64;
    change(types, n_cols);
    GgufBytes file;
    file.numbers("wick.tensor_type.ids", types.ids).texts("wick.tensor_type.names", types.names);
    file.numbers("wick.tensor_type.block_values", types.block_values);
    file.numbers("wick.tensor_type.block_bytes", types.block_bytes);
    file.tensor("a", {n_cols, 2}, kLocal, 0).data(64);
    add(files, name, file, word);
  };
  using T = LocalTypes;
  using U = std::uint64_t;
  with("local_names_too_few", "different lengths", [](T& t, U&) { t.names.clear(); });
  with("local_sizes_too_many", "different lengths", [](T& t, U&) { t.block_bytes = {16, 16}; });
  with("local_id_unbound", "does not name", [](T& t, U&) { t.ids = {kLocal + 1}; });
  with("local_id_of_the_format", "format's own list", [](T& t, U&) { t.ids = {2}; });
  with("local_id_twice", "65536 is there twice", [](T& t, U&) {
    t = {{kLocal, kLocal}, {"a@1", "b@1"}, {32, 32}, {16, 16}};
  });
  with("local_name_twice", "'a@1' is there twice", [](T& t, U&) {
    t = {{kLocal, kLocal + 1}, {"a@1", "a@1"}, {32, 32}, {16, 16}};
  });
  with("local_name_empty", "name has a wrong length", [](T& t, U&) { t.names = {""}; });
  with("local_block_of_no_values", "number of values", [](T& t, U&) { t.block_values = {0}; });
  with("local_block_of_no_bytes", "number of bytes", [](T& t, U&) { t.block_bytes = {0}; });
  with("local_block_huge", "number of bytes", [](T& t, U&) { t.block_bytes = {0xffffffff}; });
  with("local_row_not_whole", "whole number", [](T&, U& n_cols) { n_cols = 48; });
  with("local_tensor_outside", "outside the file", [](T&, U& n_cols) { n_cols = 96; });
  GgufBytes file;
  file.tensor("a", {64}, kLocal, 0).data(64);
  add(files, "local_arrays_missing", file, "does not name");
  file.numbers<std::uint32_t>("wick.tensor_type.ids", {kLocal});
  add(files, "local_names_missing", file, "'wick.tensor_type.names': is missing");
  file.text("wick.tensor_type.names", "org.example.half@1");
  add(files, "local_names_no_array", file, "wrong type");
}

void add_splits(Files& files) {
  const auto with = [&](const char* name, const char* word, auto change) {
    GgufBytes file = good_gguf();
    change(file);
    add(files, name, file, word);
  };
  using U16 = std::uint16_t;
  with("split_no_missing", "'split.no' is missing",
       [](GgufBytes& f) { f.value<U16>("split.count", 2); });
  with("split_no_too_large", "'split.no' is out of range",
       [](GgufBytes& f) { f.value<U16>("split.count", 2).value<U16>("split.no", 2); });
  with("split_count_text", "wrong type", [](GgufBytes& f) { f.text("split.count", "2"); });
  with("split_count_negative", "out of range",
       [](GgufBytes& f) { f.value<std::int32_t>("split.count", -2); });
  with("split_count_huge", "'split.count' is out of range",
       [](GgufBytes& f) { f.value<std::uint64_t>("split.count", kHuge); });
  with("split_total_missing", "'split.tensors.count' is missing",
       [](GgufBytes& f) { f.value<U16>("split.count", 2).value<U16>("split.no", 0); });
  with("split_under_another_name", "original names", [](GgufBytes& f) {
    f.value<U16>("split.count", 2)
        .value<U16>("split.no", 0)
        .value<std::int32_t>("split.tensors.count", 2);
  });
}

}  // namespace

GgufBytes good_gguf() {
  GgufBytes file;
  file.text("general.architecture", "example").value<std::uint32_t>("example.count", 7);
  file.value<float>("example.epsilon", 0.5F).texts("example.words", {"one", "", "three"});
  file.value<bool>("example.flag", true);
  file.tensor("a", {32, 2}, kF32, 0).tensor("b", {16}, kF32, 256).data(320);
  return file;
}

std::vector<BadFile> bad_gguf_files() {
  Files files;
  add_heads(files);
  add_counts(files);
  add_truncations(files);
  add_values(files);
  add_alignments(files);
  add_tensors(files);
  add_local_types(files);
  add_splits(files);
  return files;
}

}  // namespace wick
