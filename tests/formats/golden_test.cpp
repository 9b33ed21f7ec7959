// Every weight format against blocks that llama.cpp packed and decoded, read through our own
// reader.
#include "files/gguf.h"
#include "tests/registered_formats.h"

#include <wick/sdk/half.h>

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>

namespace wick::quant {
namespace {

constexpr const char* kGolden = WICK_TEST_SHARED_DIR "/golden/formats.gguf";

/// The block sizes of the registered formats, as the reader wants them.
class RegisteredLayouts final : public TypeLayouts {
 public:
  std::optional<TypeLayout> find(std::uint32_t type_id) const override {
    for (const RegisteredFormat& format : registered_formats()) {
      const wick_format_v1& v = format.vtable();
      if (v.gguf_type == type_id) return TypeLayout{format.name(), v.block_values, v.block_bytes};
    }
    return std::nullopt;
  }
};

std::vector<std::uint8_t> bytes_of(const GgufTensor& tensor) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(tensor.data.data());
  return {first, first + tensor.data.size()};
}
std::vector<float> floats_of(const GgufTensor& tensor) {
  std::vector<float> values(tensor.data.size() / 4);
  std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
  return values;
}

void expect_same(const std::vector<float>& got, const std::vector<float>& want) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i)
    ASSERT_TRUE(same_value(got[i], want[i])) << i << ": " << got[i] << " for " << want[i];
}

class Golden : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kGolden)) GTEST_SKIP() << "there is no " << kGolden;
    file_ = GgufFile::open(kGolden, layouts_);
  }
  const GgufTensor& need(const std::string& name) const {
    const GgufTensor* tensor = file_->find_tensor(name);
    if (!tensor) throw std::runtime_error("the golden file has no tensor " + name);
    return *tensor;
  }
  void expect_blocks_decode_and_unpack(const std::string& name) const {
    const RegisteredFormat& format = format_named(GetParam());
    const GgufTensor& packed = need(name + ".packed");
    const std::vector<float> want = floats_of(need(name + ".f32"));
    const std::vector<std::uint8_t> blocks = bytes_of(packed);
    expect_same(format.decode(blocks), want);
    const std::uint64_t row_bytes = blocks.size() / packed.rows();
    const Unpacked tile = format.unpack(blocks.data(), row_bytes, packed.rows(), packed.cols());
    expect_same(reassemble(format.storage(), tile), want);
  }

 private:
  RegisteredLayouts layouts_;
  std::optional<GgufFile> file_;
};

TEST_P(Golden, DecodesAndUnpacksWhatTheOtherProgramPacked) {
  expect_blocks_decode_and_unpack(GetParam());
}

TEST_P(Golden, DecodesAndUnpacksRandomBlocks) {
  expect_blocks_decode_and_unpack(GetParam() + ".random");
}

std::vector<std::string> names_of(bool writable_only) {
  std::vector<std::string> names;
  for (const std::string& name : format_names(/*with_local=*/false))
    if (!writable_only || format_named(name).vtable().encode) names.push_back(name);
  return names;
}
INSTANTIATE_TEST_SUITE_P(Quant, Golden, ::testing::ValuesIn(names_of(/*writable_only=*/false)),
                         [](const auto& tested) { return tested.param; });

class GoldenEncoder : public Golden {
 protected:
  /// Squared error of each row of the source, and its energy.
  struct Row {
    double error = 0, energy = 0;
  };
  std::vector<Row> rows_of(const std::vector<float>& decoded) const {
    const GgufTensor& tensor = need("source.f32");
    const std::vector<float> source = floats_of(tensor);
    std::vector<Row> rows(tensor.rows());
    for (std::size_t i = 0; i < source.size(); ++i) {
      const double value = static_cast<double>(source[i]);
      const double rest = static_cast<double>(decoded[i]) - value;
      rows[i / tensor.cols()].error += rest * rest;
      rows[i / tensor.cols()].energy += value * value;
    }
    return rows;
  }
};

TEST_P(GoldenEncoder, LosesLessThanTheOtherProgram) {
  const RegisteredFormat& format = format_named(GetParam());
  const std::vector<float> source = floats_of(need("source.f32"));
  const std::vector<Row> ours = rows_of(format.decode(format.encode(source)));
  const std::vector<Row> golden = rows_of(floats_of(need(GetParam() + ".f32")));
  double our_sum = 0, golden_sum = 0;
  for (std::size_t row = 0; row < ours.size(); ++row) {
    EXPECT_LE(ours[row].error, 1.005 * golden[row].error) << "row " << row;
    our_sum += ours[row].error / ours[row].energy;
    golden_sum += golden[row].error / golden[row].energy;
  }
  if (GetParam() == "Q8_0") {
    EXPECT_EQ(our_sum, golden_sum);
  } else {
    EXPECT_LT(our_sum, golden_sum);
  }
  RecordProperty("share_of_golden", std::to_string(our_sum / golden_sum));
}

INSTANTIATE_TEST_SUITE_P(Quant, GoldenEncoder,
                         ::testing::ValuesIn(names_of(/*writable_only=*/true)),
                         [](const auto& tested) { return tested.param; });

class GoldenBytes : public Golden {};

TEST_P(GoldenBytes, AreWrittenAgain) {
  const std::vector<float> source = floats_of(need("source.f32"));
  EXPECT_EQ(format_named(GetParam()).encode(source), bytes_of(need(GetParam() + ".packed")));
}

INSTANTIATE_TEST_SUITE_P(Quant, GoldenBytes, ::testing::Values("Q8_0"),
                         [](const auto& tested) { return tested.param; });

class GoldenPlainTypes : public Golden {};

TEST_P(GoldenPlainTypes, WidenToTheSameValues) {
  const bool is_f16 = GetParam() == "F16";
  const std::vector<std::uint8_t> bytes = bytes_of(need(GetParam() + ".packed"));
  std::vector<float> got;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    const auto half = static_cast<std::uint16_t>(bytes[i] | bytes[i + 1] << 8);
    got.push_back(is_f16 ? sdk::f16_to_f32(half) : sdk::bf16_to_f32(half));
  }
  expect_same(got, floats_of(need(GetParam() + ".f32")));
}

TEST_P(GoldenPlainTypes, RoundToTheSameBytes) {
  const bool is_f16 = GetParam() == "F16";
  std::vector<std::uint8_t> got;
  for (const float value : floats_of(need("source.f32"))) {
    const std::uint16_t half = is_f16 ? sdk::f32_to_f16(value) : sdk::f32_to_bf16(value);
    got.push_back(static_cast<std::uint8_t>(half));
    got.push_back(static_cast<std::uint8_t>(half >> 8));
  }
  EXPECT_EQ(got, bytes_of(need(GetParam() + ".packed")));
}

INSTANTIATE_TEST_SUITE_P(Quant, GoldenPlainTypes, ::testing::Values("F16", "BF16"),
                         [](const auto& tested) { return tested.param; });

}  // namespace
}  // namespace wick::quant
