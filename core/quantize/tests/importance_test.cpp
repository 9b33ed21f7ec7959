// Importance as a file, and as weights for an encoder.
#include <gtest/gtest.h>
#include <wick/error.h>

#include <cmath>
#include <limits>
#include <span>

#include "base/tests/temp_folder.h"
#include "files/gguf_writer.h"
#include "quantize/importance_file.h"

namespace wick {
namespace {

Importance sample() {
  Importance importance;
  importance.entries["a.weight"] = {{1, 4, 9}, {2}};
  importance.entries["experts.weight"] = {{1, 2, 0, 0, 5, 6}, {1, 0, 3}};
  importance.datasets = {"stories.txt"};
  importance.n_windows = 3;
  importance.window = 512;
  return importance;
}

TEST(ImportanceFile, ComesBack) {
  const TempFolder folder;
  const std::string path = folder.file("imatrix.gguf");
  write_importance(path, sample());
  const Importance back = read_importance(path);
  EXPECT_EQ(back.datasets, sample().datasets);
  EXPECT_EQ(back.n_windows, 3u);
  EXPECT_EQ(back.window, 512u);
  ASSERT_EQ(back.entries.size(), 2u);
  for (const auto& [name, entry] : sample().entries) {
    EXPECT_EQ(back.entries.at(name).sums, entry.sums);
    EXPECT_EQ(back.entries.at(name).counts, entry.counts);
  }
}

/// A file that differs from a good one in what `put` and the tensors say.
struct Tensor {
  std::string name;
  std::vector<std::uint64_t> dims;
  std::vector<float> values;
};
std::string sentence_of(const std::string& type, const std::vector<Tensor>& tensors) {
  const TempFolder folder;
  const std::string path = folder.file("bad.gguf");
  GgufWriter writer(path);
  writer.add_string("general.type", type);
  for (const Tensor& tensor : tensors)
    writer.add_tensor({tensor.name, tensor.dims, 0, plain_type_layout(0).value()});
  writer.begin();
  for (const Tensor& tensor : tensors) writer.write_data(std::as_bytes(std::span(tensor.values)));
  writer.finish();
  try {
    read_importance(path);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kBadFile);
    return e.what();
  }
  return "no error";
}

TEST(ImportanceFile, IsRefusedWithASentence) {
  const Tensor sums{"a.in_sum2", {3, 1}, {1, 2, 3}}, counts{"a.counts", {1, 1}, {1}};
  const auto has = [](const std::string& sentence, const char* part) {
    return sentence.find(part) != std::string::npos ? "" : sentence;
  };
  EXPECT_EQ(has(sentence_of("model", {sums, counts}), "no importance matrix"), "");
  EXPECT_EQ(has(sentence_of("imatrix", {}), "holds no tensor"), "");
  EXPECT_EQ(has(sentence_of("imatrix", {sums}), "is missing"), "");
  EXPECT_EQ(has(sentence_of("imatrix", {sums, {"a.counts", {1, 2}, {1, 1}}}), "another number"),
            "");
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(has(sentence_of("imatrix", {{"a.in_sum2", {3, 1}, {1, nan, 3}}, counts}), "nan"), "");
  EXPECT_EQ(has(sentence_of("imatrix", {{"a.in_sum2", {3, 1}, {1, -2, 3}}, counts}), "-2"), "");
  EXPECT_EQ(has(sentence_of("imatrix", {sums, {"a.counts", {1, 1}, {-1}}}), "-1"), "");
  EXPECT_EQ(sentence_of("imatrix", {sums, counts}), "no error");
}

TEST(ImportanceWeights, AreMeanSquares) {
  EXPECT_EQ(Importance::weights({{2, 4, 6}, {2}}), (std::vector<float>{1, 2, 3}));
}

TEST(ImportanceWeights, AreOfEachExpertItsOwnAndOnesWhereItWasNeverUsed) {
  const std::vector<float> want = {1, 2, 1, 1, 2, 3};
  EXPECT_EQ(Importance::weights({{1, 2, 0, 0, 6, 9}, {1, 0, 3}}), want);
}

TEST(ImportanceWeights, AreNeverZero) {
  const std::vector<float> weights = Importance::weights({{0, 4, 0, 4}, {1}});
  EXPECT_FLOAT_EQ(weights[0], 2e-4f);
  EXPECT_FLOAT_EQ(weights[1], 4);
  EXPECT_EQ(Importance::weights({{0, 0}, {5}}), (std::vector<float>{1, 1}));
}

}  // namespace
}  // namespace wick
