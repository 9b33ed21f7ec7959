// Decoding against another implementation, on random blocks, by hashes: bites without any file.
#include "generated/decoded_hashes.h"
#include "tests/random_blocks.h"
#include "tests/registered_formats.h"

#include <wick/sdk/half.h>

#include <gtest/gtest.h>

namespace wick::quant {
namespace {

std::uint64_t hash_of(const std::vector<float>& values) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float value = values[i] + 0.0f;  // a negative zero becomes zero
    const std::uint32_t bits = std::isnan(value) ? 0x7fc00000u : sdk::bits_from_f32(value);
    sum += mixed(bits + (static_cast<std::uint64_t>(i) << 32));
  }
  return sum;
}

class DecodedHashes : public ::testing::TestWithParam<DecodedHash> {};

TEST_P(DecodedHashes, AreThoseOfAnotherImplementation) {
  const DecodedHash& want = GetParam();
  const RegisteredFormat& format = format_named(want.name);
  EXPECT_EQ(format.vtable().gguf_type, want.gguf_type);
  EXPECT_EQ(format.vtable().block_values, want.block_values);
  ASSERT_EQ(format.vtable().block_bytes, want.block_bytes);
  const auto blocks = random_bytes(want.gguf_type, kHashedBlocks * want.block_bytes);
  EXPECT_EQ(hash_of(format.decode(blocks)), want.hash);
}

INSTANTIATE_TEST_SUITE_P(Quant, DecodedHashes, ::testing::ValuesIn(kDecodedHashes),
                         [](const auto& tested) { return tested.param.name; });

TEST(DecodedHashTable, CoversEveryFormatOfGguf) {
  EXPECT_EQ(std::size(kDecodedHashes), format_names(/*with_local=*/false).size());
}

}  // namespace
}  // namespace wick::quant
