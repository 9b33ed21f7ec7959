// What our block-wise formats lose, beside what the published method loses on the same weights; the
// table of plugins/quant/README.md is printed here.
#include "files/gguf.h"
#include "formats/dynamic8_values.h"
#include "formats/nf4_values.h"
#include "published.h"
#include "tests/registered_formats.h"

#include <wick/sdk/half.h>

#include <gtest/gtest.h>

#include <filesystem>

namespace wick::quant {
namespace {

using Matrix = std::vector<float>;

/// The matrices of a model in BF16, or the rows of the golden file: whole blocks of 256 each.
std::vector<Matrix> matrices_of(const std::string& path, const std::string& only) {
  std::vector<Matrix> matrices;
  const GgufFile file = GgufFile::open(path, no_formats());
  for (const GgufTensor& tensor : file.tensors()) {
    if (tensor.n_dims != 2 || (!only.empty() && tensor.name != only)) continue;
    Matrix values(tensor.n_values);
    if (tensor.type_name == "F32") {
      std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
    } else {
      for (std::size_t i = 0; i < values.size(); ++i) {
        std::uint16_t half = 0;
        std::memcpy(&half, tensor.data.data() + 2 * i, 2);
        values[i] = sdk::bf16_to_f32(half);
      }
    }
    matrices.push_back(std::move(values));
  }
  return matrices;
}

/// Error over energy of all of them.
template <class Round>
double share_lost(const std::vector<Matrix>& matrices, Round round) {
  double error = 0, energy = 0;
  for (const Matrix& values : matrices) {
    const Matrix got = round(values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double value = static_cast<double>(values[i]);
      const double rest = static_cast<double>(got[i]) - value;
      error += rest * rest;
      energy += value * value;
    }
  }
  return error / energy;
}

struct Source {
  const char* name;
  const char* path;
  const char* tensor;
};
constexpr Source kSources[] = {
    {"golden", WICK_TEST_SHARED_DIR "/golden/formats.gguf", "source.f32"},
    {"ember", WICK_TEST_SHARED_DIR "/models/ember-BF16.gguf", ""},
    {"taper", WICK_TEST_SHARED_DIR "/models/taper-BF16.gguf", ""},
};

class BlockwiseError : public ::testing::TestWithParam<Source> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(GetParam().path)) GTEST_SKIP() << "no " << GetParam().path;
    matrices_ = matrices_of(GetParam().path, GetParam().tensor);
    ASSERT_FALSE(matrices_.empty());
  }
  /// Of a format, as a share of what is lost by `published`.
  template <class Published>
  void expect_less(const std::string& name, const char* how, Published published) {
    const RegisteredFormat& format = format_named(name);
    const double ours =
        share_lost(matrices_, [&](const Matrix& m) { return format.decode(format.encode(m)); });
    const double theirs = share_lost(matrices_, published);
    std::printf("%-8s %-20s %-16s published %.4e, ours %.4e: %.3f\n", GetParam().name, name.c_str(),
                how, theirs, ours, ours / theirs);
    EXPECT_LT(ours, theirs) << name;
  }

 private:
  std::vector<Matrix> matrices_;
};

TEST_P(BlockwiseError, OfNf4IsBelowThePublishedMethods) {
  expect_less("org.wick.nf4@1", "blocks of 64",
              [](const Matrix& m) { return published::blockwise(m, kNf4Values, 64); });
}

TEST_P(BlockwiseError, OfDoubleQuantizedNf4IsBelowThePublishedMethods) {
  expect_less("org.wick.nf4-dq@1", "double", [](const Matrix& m) {
    return published::doubly_quantized(m, kNf4Values, kDynamic8Values);
  });
}

TEST_P(BlockwiseError, OfDynamic8IsBelowThePublishedMethods) {
  for (const std::size_t block : {64, 256, 4096})
    expect_less("org.wick.dynamic8@1", ("blocks of " + std::to_string(block)).c_str(),
                [&](const Matrix& m) { return published::blockwise(m, kDynamic8Values, block); });
}

INSTANTIATE_TEST_SUITE_P(Quant, BlockwiseError, ::testing::ValuesIn(kSources),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace wick::quant
