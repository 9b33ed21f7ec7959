// Splits and packs blocks of FP4.
#include "fp4.h"

#include <wick/sdk/half.h>

#include <algorithm>
#include <cmath>

namespace fp4 {
namespace {

using wick::ErrorCode;
using wick::fail;

constexpr std::uint64_t kValues = 64;
constexpr const char* kName = "org.example.fp4@1";

/// As bitsandbytes has them: 2 and 3 with exponents of 0 to 2, zero, and a sixteenth, all over 12.
constexpr float kTable[16] = {
    0.0f,  0.0625f / 12,  8.0f / 12,  12.0f / 12,  4.0f / 12,  6.0f / 12,  2.0f / 12,  3.0f / 12,
    -0.0f, -0.0625f / 12, -8.0f / 12, -12.0f / 12, -4.0f / 12, -6.0f / 12, -2.0f / 12, -3.0f / 12,
};

float scale_of(const Block& block) {
  return wick::sdk::f16_to_f32(static_cast<std::uint16_t>(block.scale[0] | block.scale[1] << 8));
}

void split(const Block& block, std::uint8_t* codes) {
  for (int i = 0; i < 32; ++i) {
    codes[i] = block.pairs[i] & 15;
    codes[i + 32] = block.pairs[i] >> 4;
  }
}

/// Of two sizes at the same distance, the first in the table.
std::uint8_t nearest(float value) {
  const float size = std::fabs(value);
  std::uint8_t code = 0;
  for (std::uint8_t i = 1; i < 8; ++i)
    if (std::fabs(size - kTable[i]) < std::fabs(size - kTable[code])) code = i;
  return code != 0 && value < 0 ? code | 8 : code;
}

float largest(const float* values) {
  float most = 0;
  for (std::uint64_t i = 0; i < kValues; ++i) {
    if (!std::isfinite(values[i]))
      fail(ErrorCode::kBadFile, kName, ": a weight is ", values[i],
           ", need finite values; repair the model or keep this tensor in F32");
    most = std::max(most, std::fabs(values[i]));
  }
  return most;
}

void pack(const float* values, Block& block) {
  const float most = largest(values);
  const std::uint16_t half = wick::sdk::f32_to_f16(most);
  if (half >= 0x7c00)
    fail(ErrorCode::kBadShape, kName, ": a block of weights is too large, got ", most,
         ", need at most 65504; keep this tensor in F32 or BF16");
  block.scale[0] = static_cast<std::uint8_t>(half);
  block.scale[1] = static_cast<std::uint8_t>(half >> 8);
  const float scale = wick::sdk::f16_to_f32(half);  // as decoding will see it
  std::uint8_t codes[kValues];
  for (std::uint64_t i = 0; i < kValues; ++i)
    codes[i] = nearest(scale > 0.0f ? values[i] / scale : 0.0f);
  for (int i = 0; i < 32; ++i)
    block.pairs[i] = static_cast<std::uint8_t>(codes[i] | codes[i + 32] << 4);
}

}  // namespace

wick::sdk::FormatInfo Fp4::info() const {
  wick::sdk::FormatInfo info;
  info.name = kName;
  info.gguf_type = WICK_NONE;  // no number of its own: each file binds one to the name
  info.block_values = kValues;
  info.block_bytes = sizeof(Block);
  info.storage.code_bits = 4;
  info.storage.group_values = info.storage.super_values = kValues;
  info.storage.scale_type = WICK_SCALE_F16;
  info.storage.table = kTable;
  return info;
}

void Fp4::decode(const std::byte* blocks, std::uint64_t n_values, float* values) const {
  const auto* block = reinterpret_cast<const Block*>(blocks);
  for (std::uint64_t i = 0; i < n_values / kValues; ++i) {
    std::uint8_t codes[kValues];
    split(block[i], codes);
    const float scale = scale_of(block[i]);
    for (std::uint64_t j = 0; j < kValues; ++j) values[i * kValues + j] = scale * kTable[codes[j]];
  }
}

void Fp4::unpack(const std::byte* blocks, std::uint64_t row_bytes,
                 const wick_unpacked& tile) const {
  const std::uint64_t n_blocks = tile.n_cols / kValues;
  for (std::uint64_t row = 0; row < tile.n_rows; ++row) {
    const auto* block = reinterpret_cast<const Block*>(blocks + row * row_bytes);
    for (std::uint64_t i = 0; i < n_blocks; ++i) {
      split(block[i], tile.codes + row * tile.n_cols + i * kValues);
      tile.scales[row * n_blocks + i] = scale_of(block[i]);
    }
  }
}

void Fp4::encode(const float* values, const float*, std::uint64_t n_values,
                 std::byte* blocks) const {
  auto* block = reinterpret_cast<Block*>(blocks);
  for (std::uint64_t i = 0; i < n_values / kValues; ++i) pack(values + i * kValues, block[i]);
}

}  // namespace fp4
