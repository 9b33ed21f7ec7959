// Keys and values in 8 bits: what is stored, what attention makes of it, and who may ask for it.
#include "kv_type.h"

#include "conformance/state_checks.h"

#include <wick/error.h>
#include <wick/sdk/half.h>

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "cpu_device.h"

namespace wick::cpu {
namespace {

/// One head's block: tokens 0 .. 31 of random keys and values, stored in two pieces.
struct HeadBlock {
  HeadBlock(const AttentionKernels& kernels, KvType type, std::uint32_t dim)
      : n(dim),
        k(kBlockTokens * dim),
        v(k.size()),
        keys(key_bytes(type, dim)),
        values(value_bytes(type, dim)) {
    conformance::Random random(dim);
    for (auto* of : {&k, &v})
      for (float& x : *of) x = static_cast<float>(random.normal());
    for (const std::uint32_t first : {0u, 5u}) {
      KvStoreTask task{};
      task.type = type;
      task.head_dim = task.value_dim = dim;
      task.slot = first;
      task.n_tokens = first == 0 ? 5 : kBlockTokens - 5;
      task.keys = keys.data(), task.values = values.data();
      task.k = &k[first * dim], task.v = &v[first * dim];
      task.k_stride = task.v_stride = dim;
      kernels.store(task);
    }
  }
  float scale_at(const std::vector<std::uint8_t>& bytes, std::uint32_t index) const {
    std::uint16_t half = 0;
    std::memcpy(&half, &bytes[n * kBlockTokens + 2 * index], 2);
    return sdk::f16_to_f32(half);
  }
  float key_scale(std::uint32_t t, std::uint32_t d) const {
    return scale_at(keys, d / kKvGroup * kBlockTokens + t);
  }
  float value_scale(std::uint32_t t, std::uint32_t d) const {
    return scale_at(values, t * ((n + kKvGroup - 1) / kKvGroup) + d / kKvGroup);
  }
  float key(std::uint32_t t, std::uint32_t d) const {
    return key_scale(t, d) * static_cast<float>(static_cast<std::int8_t>(keys[d * 32 + t]));
  }
  float value(std::uint32_t t, std::uint32_t d) const {
    return value_scale(t, d) * static_cast<float>(static_cast<std::int8_t>(values[t * n + d]));
  }

  std::uint32_t n;
  std::vector<float> k, v;
  std::vector<std::uint8_t> keys, values;
};

constexpr std::uint32_t kDims[] = {1, 7, 32, 33, 64, 80};

TEST(KvQ8, IsWithinHalfAStepOfWhatWasStored) {
  for (const Kernels& kernels : usable_kernels())
    for (const std::uint32_t dim : kDims) {
      const HeadBlock block(*kernels.attention, KvType::kQ8, dim);
      for (std::uint32_t t = 0; t < kBlockTokens; ++t)
        for (std::uint32_t d = 0; d < dim; ++d) {
          // The scale, an f16, may be 2^-11 too small: 127 steps of it are 0.07 steps short.
          EXPECT_LE(std::fabs(block.key(t, d) - block.k[t * dim + d]),
                    0.57f * block.key_scale(t, d))
              << kernels.name << ", " << dim << " dimensions, " << t << ", " << d;
          EXPECT_LE(std::fabs(block.value(t, d) - block.v[t * dim + d]),
                    0.57f * block.value_scale(t, d))
              << kernels.name << ", " << dim << " dimensions, " << t << ", " << d;
        }
    }
}

/// 20 tokens of 3 heads against a whole block.
std::vector<float> attended(const Kernels& kernels, HeadBlock& block, KvType type) {
  std::vector<std::uint8_t> memory = block.keys;
  memory.insert(memory.end(), block.values.begin(), block.values.end());
  std::uint8_t* const state[] = {memory.data()};
  const std::uint32_t blocks[] = {0};
  AttentionTask task{};
  task.shape = {block.n, block.n, 3, 0, 0.3f, 0.0f, type};
  task.state_blocks = state;
  task.blocks = blocks;
  task.values_at = block.keys.size();
  task.first_position = kBlockTokens - 20;
  task.n_tokens = 20;
  task.q_stride = task.y_stride = 3 * std::uint64_t{block.n};
  conformance::Random random(99);
  std::vector<float> q(task.n_tokens * task.q_stride), y(q.size());
  for (float& x : q) x = static_cast<float>(random.normal());
  std::vector<float> scratch(attention_scratch(task.shape));
  task.q = q.data();
  task.y = y.data();
  task.scratch = scratch.data();
  kernels.attention->attend(task);
  return y;
}

TEST(KvQ8, AttendsToWhatItsCodesMean) {
  for (const Kernels& kernels : usable_kernels())
    for (const std::uint32_t dim : kDims) {
      HeadBlock block(*kernels.attention, KvType::kQ8, dim);
      HeadBlock wide(*kernels.attention, KvType::kF32, dim);
      for (std::uint32_t t = 0; t < kBlockTokens; ++t)
        for (std::uint32_t d = 0; d < dim; ++d) {
          const float key = block.key(t, d), value = block.value(t, d);
          std::memcpy(&wide.keys[(d * kBlockTokens + t) * 4], &key, 4);
          std::memcpy(&wide.values[(t * dim + d) * 4], &value, 4);
        }
      EXPECT_EQ(attended(kernels, block, KvType::kQ8), attended(kernels, wide, KvType::kF32))
          << kernels.name << ", " << dim << " dimensions";
    }
}

TEST(KvQ8, KeepsZerosAndShowsInfinities) {
  for (const Kernels& kernels : usable_kernels()) {
    std::vector<float> x(64, 0.0f);
    x[40] = std::numeric_limits<float>::infinity();
    std::vector<std::uint8_t> keys(key_bytes(KvType::kQ8, 64)), values(keys.size());
    KvStoreTask task{};
    task.type = KvType::kQ8;
    task.head_dim = task.value_dim = 64;
    task.n_tokens = 1;
    task.keys = keys.data(), task.values = values.data();
    task.k = task.v = x.data();
    kernels.attention->store(task);
    std::uint16_t scales[2];
    std::memcpy(scales, &values[64 * kBlockTokens], sizeof scales);
    EXPECT_EQ(scales[0], 0);
    EXPECT_TRUE(std::isnan(sdk::f16_to_f32(scales[1])));
    for (std::size_t i = 0; i < 64; ++i) EXPECT_EQ(values[i], 0);
  }
}

TEST(KvType, IsChosenByNameAndFitsThePlan) {
  const KvType narrow = KvType::kF16;
  EXPECT_EQ(choose_kv_type("", false, narrow), KvType::kF16);
  EXPECT_EQ(choose_kv_type("", true, narrow), KvType::kF32);
  EXPECT_EQ(choose_kv_type("f16", false, narrow), KvType::kF16);
  EXPECT_EQ(choose_kv_type("q8_0", false, narrow), KvType::kQ8);
  EXPECT_EQ(choose_kv_type("f32", true, narrow), KvType::kF32);
  EXPECT_THROW(choose_kv_type("q8_0", true, narrow), Error);
  EXPECT_THROW(choose_kv_type("f16", true, narrow), Error);
  EXPECT_THROW(choose_kv_type("bf16", false, narrow), Error);
  try {
    choose_kv_type("q4", false, narrow);
    FAIL() << "took a type that nobody knows";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kBadArgument);
    EXPECT_NE(std::string(e.what()).find("f16, q8_0"), std::string::npos) << e.what();
  }
}

TEST(KvType, IsBf16WhereKernelsMultiplyThat) {
  const KvType narrow = KvType::kBf16;
  EXPECT_EQ(choose_kv_type("", false, narrow), KvType::kBf16);
  EXPECT_EQ(choose_kv_type("", true, narrow), KvType::kF32);
  EXPECT_EQ(choose_kv_type("bf16", false, narrow), KvType::kBf16);
  EXPECT_EQ(choose_kv_type("f16", false, narrow), KvType::kF16);
  EXPECT_THROW(choose_kv_type("bf16", true, narrow), Error);
  // A pair of dimensions has room for both.
  EXPECT_EQ(key_bytes(KvType::kBf16, 7), key_bytes(KvType::kF16, 8));
  EXPECT_EQ(value_bytes(KvType::kBf16, 7), value_bytes(KvType::kF16, 7));
}

class KvQ8Text : public ::testing::TestWithParam<std::string> {};

TEST_P(KvQ8Text, GivesTheSameBytesHoweverItIsCut) {
  const CpuDevice cpu(GetParam(), 2, "q8_0");
  conformance::StateChecks checks(cpu.device(), conformance::gguf_classes()[7], {true, false});
  EXPECT_EQ(checks.oracle(), "");
  for (const std::uint32_t n : {1u, 2u, 7u, 33u}) EXPECT_EQ(checks.pieces(n), "") << n;
  EXPECT_EQ(checks.interleaved(), "");
  EXPECT_EQ(checks.fork(), "");
  EXPECT_EQ(checks.save_and_restore(), "");
  EXPECT_EQ(checks.resize(), "");
}

INSTANTIATE_TEST_SUITE_P(Cpu, KvQ8Text, ::testing::ValuesIn(isa_names()),
                         [](const auto& made) { return isa_case_name(made); });

}  // namespace
}  // namespace wick::cpu
