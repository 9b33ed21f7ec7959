// Blocks of state: what is in them stays when there are more or fewer, and goes where it is told.
#include "state.h"

#include <numeric>

#include "a_device.h"

namespace wick::opencl {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::vector<sdk::GraphState> some_states() {
  // Heads of an odd number of values; a convolution of another size.
  return {{"kv", 0, 2, 5, 7}, {"conv", 0, 3, 40, 0}};
}

class StateBlocks : public ADevice {
 protected:
  void SetUp() override {
    ADevice::SetUp();
    if (!IsSkipped()) state_ = std::make_unique<State>(*device_, StateLayout(some_states(), true));
  }
  Bytes pattern(std::uint32_t block) const {
    Bytes bytes(state_->layout().block_bytes);
    for (std::size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = static_cast<std::uint8_t>(i * 7 + block * 13 + i / 251);
    return bytes;
  }
  Bytes read(std::uint32_t block) {
    Bytes bytes(state_->layout().block_bytes);
    state_->read(block, bytes.data());
    return bytes;
  }
  std::unique_ptr<State> state_;
};

TEST(StateLayout, CountsHalvesOrFloats) {
  EXPECT_EQ(StateLayout(some_states(), false).pair_bytes, 4u);
  EXPECT_EQ(StateLayout(some_states(), true).pair_bytes, 8u);
  const StateLayout layout(some_states(), true);
  // 3 and 4 pairs of 2 heads of 32 tokens; 2 rows of 40 channels; each in lines of 256 bytes.
  EXPECT_EQ(layout.places[0].values_at, 2u * 32 * 3 * 8);
  EXPECT_EQ(layout.places[0].block_bytes, 2u * 32 * (3 + 4) * 8);
  EXPECT_EQ(layout.places[1].block_bytes, 512u);
  EXPECT_EQ(layout.block_bytes, layout.places[0].block_bytes + 512);
}

TEST(StateLayout, RefusesStatesThatCannotBe) {
  EXPECT_EQ(error_of([] { StateLayout({{"kv", 0, 0, 64, 64}}, false); }), ErrorCode::kBadShape);
  EXPECT_EQ(error_of([] {
              StateLayout({{"kv", 0, std::uint64_t{1} << 40, 64, 64}}, false);
            }),
            ErrorCode::kBadShape);
  EXPECT_EQ(error_of([] {
              StateLayout({{"rings", 0, 4, 64, 64}}, false);
            }),
            ErrorCode::kUnavailable);
}

TEST_F(StateBlocks, StayWhenThereAreMoreAndFewer) {
  state_->resize(3);
  for (std::uint32_t block = 0; block < 3; ++block) state_->write(block, pattern(block).data());
  for (const std::uint32_t n : {4u, 40u, 200u, 300u, 20u, 3u}) {
    state_->resize(n);
    EXPECT_EQ(state_->n_blocks(), n);
    for (std::uint32_t block = 0; block < 3; ++block)
      ASSERT_EQ(read(block), pattern(block)) << "block " << block << " of " << n;
  }
}

TEST_F(StateBlocks, AreCopiedAndNothingElseIs) {
  state_->resize(5);
  for (std::uint32_t block = 0; block < 5; ++block) state_->write(block, pattern(block).data());
  state_->copy(1, 4);
  state_->copy(2, 2);
  for (std::uint32_t block = 0; block < 5; ++block)
    EXPECT_EQ(read(block), pattern(block == 4 ? 1 : block));
}

TEST_F(StateBlocks, ThatDoNotExistAreRefused) {
  state_->resize(2);
  Bytes bytes(state_->layout().block_bytes);
  EXPECT_EQ(error_of([&] { state_->read(2, bytes.data()); }), ErrorCode::kBadArgument);
  EXPECT_EQ(error_of([&] { state_->write(2, bytes.data()); }), ErrorCode::kBadArgument);
  EXPECT_EQ(error_of([&] { state_->copy(0, 2); }), ErrorCode::kBadArgument);
  EXPECT_EQ(error_of([&] { state_->copy(2, 0); }), ErrorCode::kBadArgument);
}

}  // namespace
}  // namespace wick::opencl
