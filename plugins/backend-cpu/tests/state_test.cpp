// Blocks keep their contents and their place while a state grows and shrinks.
#include "state.h"

#include <wick/error.h>

#include <gtest/gtest.h>

#include <vector>

namespace wick::cpu {
namespace {

StateLayout layout(KvType type = KvType::kF16) {
  return StateLayout({{"kv", 0, 2, 8, 8}, {"conv", 1, 3, 10, 0}}, type);
}

TEST(State, HoldsKeysValuesAndConvolutionsOfABlock) {
  // 2 heads x 8 x 32 tokens x 2 bytes, twice; 2 x 10 f32 rounded up to 64 bytes.
  EXPECT_EQ(layout().block_bytes, 2 * 1024u + 128u);
  EXPECT_EQ(layout(KvType::kF32).block_bytes, 4 * 1024u + 128u);
  // Codes of a byte, and an f16 a head and token.
  EXPECT_EQ(layout(KvType::kQ8).block_bytes, 2 * (512u + 128u) + 128u);
}

TEST(State, KeepsBlocksWhereTheyAre) {
  State state(layout());
  state.resize(3);
  std::vector<std::uint8_t> bytes(state.layout().block_bytes, 7);
  state.write(2, bytes.data());
  const std::uint8_t* at = state.block(2);
  state.resize(10);
  EXPECT_EQ(state.block(2), at);
  state.resize(4);
  state.resize(12);
  EXPECT_EQ(state.block(2), at);
  EXPECT_EQ(state.n_blocks(), 12u);
  std::vector<std::uint8_t> read(bytes.size());
  state.copy(2, 11);
  state.read(11, read.data());
  EXPECT_EQ(read, bytes);
}

TEST(State, RefusesBlocksBeyondTheEnd) {
  State state(layout());
  state.resize(2);
  EXPECT_THROW(state.copy(0, 2), Error);
  EXPECT_THROW(StateLayout({{"kv", 0, 0, 8, 8}}, KvType::kF16), Error);
  EXPECT_THROW(StateLayout({{"ssm", 0, 4, 8, 8}}, KvType::kF16), Error);
}

}  // namespace
}  // namespace wick::cpu
