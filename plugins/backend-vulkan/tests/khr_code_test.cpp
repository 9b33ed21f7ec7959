// The rewriting of shaders for VK_KHR_cooperative_matrix, on all that this plugin has, and on small
// ones that it must refuse. Whether drivers take the result is the conformance kit's to say.
#include "khr_code.h"

#include <wick/error.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string>

namespace wick::vulkan {
namespace {

using Words = std::vector<std::uint32_t>;

// SPIR-V's own numbers.
constexpr std::uint32_t kExtension = 10, kCapability = 17, kConstant = 43;
constexpr std::uint32_t kType = 4456, kLoad = 4457, kStore = 4458, kMulAdd = 4459;
constexpr std::uint32_t kFirstNv = 5358, kLastNv = 5362;

/// An instruction and its operands.
struct Parsed {
  std::uint32_t op;
  Words operands;
};

std::vector<Parsed> parse(const std::uint32_t* words, std::size_t n_words) {
  std::vector<Parsed> all;
  for (std::size_t at = 5; at < n_words; at += words[at] >> 16)
    all.push_back({words[at] & 0xffffu, Words(words + at + 1, words + at + (words[at] >> 16))});
  return all;
}

std::vector<Parsed> parse(const Words& words) {
  return parse(words.data(), words.size());
}

struct Named {
  Shader shader;
};
void PrintTo(const Named& named, std::ostream* out) {
  *out << shader_name(named.shader);
}

class Shaders : public ::testing::TestWithParam<Named> {
 protected:
  const ShaderCode code_ = shader_code(GetParam().shader);
};
class ShadersWithMatrices : public Shaders {};
class ShadersWithoutMatrices : public Shaders {};

std::vector<Named> shaders(bool with_matrices) {
  std::vector<Named> found;
  for (std::size_t i = 0; i < kShaders; ++i)
    if (has_matrices(shader_code(static_cast<Shader>(i))) == with_matrices)
      found.push_back({static_cast<Shader>(i)});
  return found;
}

constexpr auto kName = [](const auto& made) { return shader_name(made.param.shader); };
INSTANTIATE_TEST_SUITE_P(KhrCode, ShadersWithMatrices, ::testing::ValuesIn(shaders(true)), kName);
INSTANTIATE_TEST_SUITE_P(KhrCode, ShadersWithoutMatrices, ::testing::ValuesIn(shaders(false)),
                         kName);

TEST_P(ShadersWithoutMatrices, StayAsTheyAre) {
  EXPECT_EQ(khr_code(code_), Words(code_.words, code_.words + code_.n_words));
}

TEST_P(ShadersWithMatrices, KeepNothingOfNv) {
  const std::vector<Parsed> before = parse(code_.words, code_.n_words),
                            after = parse(khr_code(code_));
  for (const Parsed& i : after) EXPECT_FALSE(i.op >= kFirstNv && i.op <= kLastNv) << i.op;
  EXPECT_EQ(after.size(), before.size() + 3) << "not the constants of three uses, and no more";
}

TEST_P(ShadersWithMatrices, TypeMatricesByTheirPlaceInAProduct) {
  std::map<std::uint32_t, std::uint32_t> constants, uses, types;  // by id
  std::size_t n_products = 0;
  for (const auto& [op, operands] : parse(khr_code(code_))) {
    if (op == kConstant) constants[operands[1]] = operands[2];
    if (op == kType) {
      ASSERT_EQ(operands.size(), 6u);
      ASSERT_EQ(constants.count(operands[5]), 1u) << "no constant precedes the type";
      uses[operands[0]] = constants[operands[5]];
    } else if (operands.size() > 1 && uses.count(operands[0])) {
      types[operands[1]] = operands[0];
    }
    if (op != kMulAdd) continue;
    ++n_products;
    ASSERT_EQ(operands.size(), 5u);
    EXPECT_EQ(uses.at(types.at(operands[2])), 0u);
    EXPECT_EQ(uses.at(types.at(operands[3])), 1u);
    EXPECT_EQ(uses.at(types.at(operands[4])), 2u);
    EXPECT_EQ(uses.at(operands[0]), 2u);
  }
  EXPECT_GE(n_products, 1u);
}

TEST_P(ShadersWithMatrices, LoadAndStoreByLayoutThenStride) {
  // NV: the stride, then whether columns are contiguous; op 41 is a constant that is true.
  std::map<std::uint32_t, std::uint32_t> layouts;  // 0: by rows, 1: by columns
  std::map<std::uint32_t, bool> booleans;
  std::vector<Words> wanted, got;
  for (const auto& [op, operands] : parse(code_.words, code_.n_words)) {
    if (op == 41 || op == 42) booleans[operands[1]] = op == 41;
    if (op == 5359) wanted.push_back({operands[1], booleans.at(operands[4]), operands[3]});
    if (op == 5360) wanted.push_back({operands[1], booleans.at(operands[3]), operands[2]});
  }
  for (const auto& [op, operands] : parse(khr_code(code_))) {
    if (op == kConstant) layouts[operands[1]] = operands[2];
    if (op == kLoad) got.push_back({operands[1], layouts.at(operands[3]), operands[4]});
    if (op == kStore) got.push_back({operands[1], layouts.at(operands[2]), operands[3]});
  }
  EXPECT_EQ(got, wanted);
  EXPECT_GE(got.size(), 3u);
}

TEST_P(ShadersWithMatrices, NameTheExtensionAndItsCapability) {
  std::vector<std::string> extensions;
  Words capabilities;
  for (const auto& [op, operands] : parse(khr_code(code_))) {
    if (op == kCapability) capabilities.push_back(operands[0]);
    if (op == kExtension) extensions.emplace_back(reinterpret_cast<const char*>(operands.data()));
  }
  EXPECT_EQ(std::count(capabilities.begin(), capabilities.end(), 6022u), 1);
  EXPECT_EQ(std::count(capabilities.begin(), capabilities.end(), 5357u), 0);
  EXPECT_EQ(std::count(extensions.begin(), extensions.end(), "SPV_KHR_cooperative_matrix"), 1);
  EXPECT_EQ(std::count(extensions.begin(), extensions.end(), "SPV_NV_cooperative_matrix"), 0);
}

TEST_P(ShadersWithMatrices, BindTheIdsOfTheirConstants) {
  EXPECT_EQ(khr_code(code_)[3], code_.words[3] + 3);
}

TEST(KhrCode, HasTheShadersOfPrompts) {
  EXPECT_TRUE(has_matrices(shader_code(Shader::matrices)));
  EXPECT_TRUE(has_matrices(shader_code(Shader::prompt)));
  EXPECT_FALSE(has_matrices(shader_code(Shader::gemm)));
}

/// A header, the capability, and types: 1 is float, 2 half, 3 uint, 4 the scope, 5 sixteen, 6 the
/// specialization constant of matrix.glsl.
Words begun() {
  return {0x07230203,
          0x00010500,
          0,
          100,
          0,
          2u << 16 | 17,
          5357,
          4u << 16 | 71,
          6,
          1,
          30,
          3u << 16 | 22,
          1,
          32,
          3u << 16 | 22,
          2,
          16,
          4u << 16 | 21,
          3,
          32,
          0,
          4u << 16 | 43,
          3,
          4,
          3,
          4u << 16 | 43,
          3,
          5,
          16,
          4u << 16 | 50,
          3,
          6,
          16};
}

ErrorCode error_of(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  try {
    khr_code({words.data(), words.size()});
  } catch (const Error& e) {
    return e.code();
  }
  return ErrorCode::kOk;
}

TEST(KhrCode, TakesTheThreeTypesAndNoOther) {
  EXPECT_EQ(error_of(begun(), {6u << 16 | 5358, 7, 2, 4, 5, 6}), ErrorCode::kOk);
  EXPECT_EQ(error_of(begun(), {6u << 16 | 5358, 7, 2, 4, 6, 5}), ErrorCode::kOk);
  EXPECT_EQ(error_of(begun(), {6u << 16 | 5358, 7, 1, 4, 5, 5}), ErrorCode::kOk);
  EXPECT_EQ(error_of(begun(), {6u << 16 | 5358, 7, 2, 4, 5, 5}), ErrorCode::kInternal);
  EXPECT_EQ(error_of(begun(), {6u << 16 | 5358, 7, 2, 4, 6, 6}), ErrorCode::kInternal);
  EXPECT_EQ(error_of(begun(), {6u << 16 | 5358, 7, 1, 4, 5, 6}), ErrorCode::kInternal);
}

TEST(KhrCode, RefusesAScopeThatIsNoConstant) {
  EXPECT_EQ(error_of(begun(), {6u << 16 | 5358, 7, 1, 9, 5, 5}), ErrorCode::kInternal);
}

TEST(KhrCode, RefusesLengths) {
  EXPECT_EQ(error_of(begun(), {4u << 16 | 5362, 3, 8, 7}), ErrorCode::kInternal);
  EXPECT_EQ(error_of(begun(), {5u << 16 | 52, 3, 8, 5362, 7}), ErrorCode::kInternal);
}

TEST(KhrCode, RefusesLayoutsThatAreNoConstants) {
  EXPECT_EQ(error_of(begun(), {6u << 16 | 5359, 7, 8, 9, 5, 10}), ErrorCode::kInternal);
  EXPECT_EQ(error_of(begun(), {5u << 16 | 5360, 9, 8, 5, 10}), ErrorCode::kInternal);
}

TEST(KhrCode, RefusesAShaderThatIsCut) {
  EXPECT_EQ(error_of(begun(), {6u << 16 | 5358, 7, 1, 4}), ErrorCode::kInternal);
  EXPECT_EQ(error_of(begun(), {17}), ErrorCode::kInternal);
}

}  // namespace
}  // namespace wick::vulkan
