// Arrays for NumPy.
#include "files/npy.h"

#include "base/tests/temp_folder.h"
#include "files/tests/gguf_bytes.h"

namespace wick {
namespace {

std::string npy(const std::string& dictionary, std::size_t n_data_bytes) {
  std::string bytes = std::string("\x93NUMPY\x01\x00", 8);
  append_number(bytes, static_cast<std::uint16_t>(dictionary.size()));
  return bytes + dictionary + std::string(n_data_bytes, '\0');
}

TEST(Npy, BringsBackWhatWasWritten) {
  const TempFolder folder;
  NpyWriter writer(folder.file("a.npy"), 3, 2);
  writer.write(std::vector<float>{1, 2});
  writer.write(std::vector<float>{3, 4, 5, -6.5F});
  writer.finish();
  const NpyMatrix matrix = read_npy(folder.file("a.npy"));
  EXPECT_EQ(matrix.n_rows, 3U);
  EXPECT_EQ(matrix.n_cols, 2U);
  EXPECT_EQ(matrix.values, (std::vector<float>{1, 2, 3, 4, 5, -6.5F}));
  const std::string bytes = read_whole(folder.file("a.npy"));
  EXPECT_EQ((bytes.size() - 24) % 64, 0U);
  EXPECT_EQ(bytes[bytes.size() - 25], '\n');
}

TEST(Npy, TakesOnlyTheRowsThatWereAnnounced) {
  const TempFolder folder;
  NpyWriter writer(folder.file("a.npy"), 2, 2);
  expect_error(ErrorCode::kBadArgument, "multiple of 2",
               [&] { writer.write(std::vector<float>(3)); });
  expect_error(ErrorCode::kBadArgument, "at most 4", [&] { writer.write(std::vector<float>(6)); });
  writer.write(std::vector<float>(2));
  expect_error(ErrorCode::kBadArgument, "2 values are missing", [&] { writer.finish(); });
}

TEST(Npy, RefusesOtherArraysWithASentence) {
  const TempFolder folder;
  const auto expect_bad = [&](const char* word, const std::string& bytes) {
    expect_error(ErrorCode::kBadFile, word, [&] { read_npy(folder.write("a.npy", bytes)); });
  };
  expect_bad("magic", "");
  expect_bad("not a .npy file", "not an array");
  expect_bad("'descr'", npy("{'shape': (2,)}", 8));
  expect_bad("element type", npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", 16));
  expect_bad("column by column", npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2,)}", 8));
  expect_bad("got 0", npy("{'descr': '<f4', 'fortran_order': False, 'shape': ()}", 4));
  expect_bad("got 3", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1)}", 4));
  expect_bad("the values", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)}", 15));
  expect_bad(
      "below 2^63",
      npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000, 1000000000)}", 15));
  expect_bad(
      "overflows",
      npy("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999999,)}", 15));
  expect_bad("the header", npy("{'descr': '<f4'", 0).substr(0, 15));
}

TEST(Npy, ReadsArraysOfNumPy) {
  const std::string path = WICK_TEST_SHARED_DIR "/models/ember/reference/logits-0.npy";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no reference " << path;
  const NpyMatrix matrix = read_npy(path);
  EXPECT_EQ(matrix.n_cols, 1406U);
  EXPECT_EQ(matrix.values.size(), matrix.n_rows * matrix.n_cols);
}

}  // namespace
}  // namespace wick
