// Products of many tokens, each way that a user can ask for, against the oracle: shapes that no
// tile divides, a sum behind the product, and weights that take several tiles.
#include "ops/tiles.h"

#include "conformance/cases/shapes.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "binary_file.h"
#include "cl_device.h"
#include "clblast.h"

namespace wick::opencl {
namespace {

using namespace conformance;

struct Sum {
  StorageEntry storage;
  std::size_t n_out, n_in;
  std::uint32_t n_tokens;
};

/// Of the product and one addition more, in one of two orders: 2^-23 of the sum each.
void expect_right(const conformance::Device& device, const Sum& sum, bool precise = true) {
  Random random(seed_of("tiles"));
  Draft draft({"one", {{run_of(0, 0, sum.n_tokens)}}}, InputClass::kNormal, random);
  const auto n_in = static_cast<std::int64_t>(sum.n_in),
             n_out = static_cast<std::int64_t>(sum.n_out);
  const std::uint32_t x = draft.input("x", n_in), addend = draft.input("addend", n_out);
  const std::uint32_t w = draft.matrix("w", sum.storage, sum.n_out, sum.n_in);
  const std::uint32_t product = draft.graph().node({"matmul@1", {x, w}, n_out});
  const std::uint32_t output = draft.graph().node({"add@1", {addend, product}, n_out});
  const Experiment experiment = draft.finish(output);
  Session session(device, experiment.setup, precise);
  Oracle oracle(experiment.setup);
  const std::vector<float> got = session.run(experiment.steps[0]);
  const auto& values = oracle.run(experiment.steps[0]);
  const sdk::GraphNode& node = oracle.view().nodes()[0];
  const Bounds bounds = Tolerances(experiment.setup, precise)
                            .of(oracle, values, node, experiment.steps[0].batch.get());
  ASSERT_EQ(got.size(), values[output].values.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double want = values[output].values[i];
    ASSERT_NEAR(got[i], want,
                bounds.worst.values[i] +
                    std::ldexp(std::fabs(want) + std::fabs(values[addend].values[i]), -22))
        << "row " << i % sum.n_out << " of token " << i / sum.n_out;
  }
}

/// Empty where all is there.
std::string what_lacks(const std::string& way) {
  const std::string why = why_no_device();
  if (!why.empty() || !needs_clblast(*wanted_gemm(way))) return why;
  if (wanted_gemm(way) == GemmWay::kClblastF16 && !find_devices()[0].can.half_arithmetic)
    return "the device has no cl_khr_fp16";
  try {
    clblast();
    return "";
  } catch (const Error& e) {
    return e.what();
  }
}

class Tiles : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const std::string lacks = what_lacks(GetParam());
    if (!lacks.empty()) GTEST_SKIP() << lacks;
  }
  /// Precise plans do not use f16.
  static bool is_precise() { return GetParam() != "clblast-f16"; }
};

TEST_P(Tiles, AreRightForShapesThatNothingDivides) {
  const ClDevice made(GetParam());
  const StorageEntry f32 = plain_types()[0], f16 = plain_types()[1], q4 = gguf_classes()[0];
  for (const Sum& sum : {Sum{f32, 130, 77, 9}, Sum{f16, 67, 100, 65}, Sum{q4, 37, 96, 65},
                         Sum{q4, 1, 32, 9}, Sum{f32, 64, 1, 70}}) {
    SCOPED_TRACE(sum.storage.name + " [" + std::to_string(sum.n_out) + ", " +
                 std::to_string(sum.n_in) + "]");
    expect_right(made.device(), sum, is_precise());
  }
}

TEST_P(Tiles, AreRightForRowsThatTakeSeveralOfThem) {
  constexpr std::size_t kRows = 1100, kColumns = 8192;
  ASSERT_LT(unpacked_rows(kColumns, kRows), kRows);
  ASSERT_EQ(halving_of(kColumns, kRows, 9).n_chunks, 32u);
  const ClDevice made(GetParam());
  expect_right(made.device(), {gguf_classes()[0], kRows, kColumns, 9}, is_precise());
}

INSTANTIATE_TEST_SUITE_P(By, Tiles,
                         ::testing::Values("own", "tiles", "clblast", "clblast-f16", "measured"),
                         [](const auto& way) {
                           std::string name = way.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(MeasuredTiles, AreMeasuredOnceAShape) {
  const std::string lacks = what_lacks("measured");
  if (!lacks.empty()) GTEST_SKIP() << lacks;
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("wick-tiles-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  const std::string key = gemm_choices_key(find_devices()[0]);
  const std::string file = binary_file_of(folder.string(), key);
  std::vector<std::vector<std::uint8_t>> kept;
  for (const std::uint32_t n_tokens : {9u, 33u, 65u}) {
    const ClDevice made("measured", folder.string());
    expect_right(made.device(), {plain_types()[0], 70, 40, n_tokens});
    kept.push_back(read_binary_file(file, key));
  }
  std::filesystem::remove_all(folder);
  const std::string text(kept[2].begin(), kept[2].end());
  EXPECT_FALSE(kept[0].empty());
  EXPECT_EQ(kept[0], kept[1]) << "the times of 9 tokens serve 33, also at the next start";
  EXPECT_NE(text.find("[70, 40] of 9-64 tokens\n"), std::string::npos) << text;
  EXPECT_NE(text.find("[70, 40] of 65-256 tokens\n"), std::string::npos) << text;
}

TEST(UnpackedRows, FillATileOfBoundedBytes) {
  EXPECT_EQ(unpacked_rows(2048, 2048), 2048u);
  EXPECT_EQ(unpacked_rows(2048, 100000), 4096u);
  EXPECT_EQ(unpacked_rows(8192, 100000), 1024u);
  EXPECT_EQ(unpacked_rows(100000, 5000), 64u) << "a multiple of 64 where one of 256 is too large";
  EXPECT_EQ(unpacked_rows(1u << 24, 5000), 1u) << "one row is the least";
  EXPECT_EQ(unpacked_rows(77, 37), 37u);
}

TEST(Halving, CutsColumnsIntoEqualChunksAndRowsIntoTilesOfBoundedBytes) {
  const Halving wide = halving_of(2048, 100000, 512);
  EXPECT_EQ(wide.n_chunks, 8u);
  EXPECT_EQ(wide.chunk, 256u);
  EXPECT_EQ(wide.padded_tokens, 512u);
  EXPECT_EQ(wide.tile_rows, 4096u) << "8 products of 512 tokens by as many halves are 32 MiB";
  const Halving odd = halving_of(576, 100, 9);
  EXPECT_EQ(odd.n_chunks, 3u);
  EXPECT_EQ(odd.chunk, 192u) << "no chunk is filled up with zeros";
  EXPECT_EQ(odd.padded_tokens, 128u);
  EXPECT_EQ(odd.tile_rows, 128u);
  EXPECT_EQ(halving_of(77, 37, 9).chunk, 96u) << "whole units of 32";
  EXPECT_EQ(halving_of(1u << 24, 5000, 9).tile_rows, 128u) << "the least";
}

}  // namespace
}  // namespace wick::opencl
