// Blocks to values, to codes and scales, and back.
#include "format.h"

#include <wick/sdk/half.h>

#include <algorithm>
#include <cmath>

namespace template_name_plugin {
namespace {

namespace sdk = wick::sdk;

constexpr std::uint32_t kValues = 32, kBytes = 34;
/// Codes have no sign: they are q + kZero.
constexpr int kZero = 128;
constexpr float kLargestScale = 65504.0f;

float scale_of(const std::byte* block) {
  const unsigned low = std::to_integer<unsigned>(block[0]);
  const unsigned high = std::to_integer<unsigned>(block[1]);
  return sdk::f16_to_f32(static_cast<std::uint16_t>(low | high << 8));
}

std::uint8_t code_of(const std::byte* block, std::uint64_t i) {
  return static_cast<std::uint8_t>(std::to_integer<unsigned>(block[2 + i]) ^ 0x80u);
}

void encode_block(const float* values, std::byte* block) {
  float largest = 0.0f;
  for (std::uint32_t i = 0; i < kValues; ++i) largest = std::max(largest, std::fabs(values[i]));
  const std::uint16_t bits = sdk::f32_to_f16(std::min(largest / 127.0f, kLargestScale));
  block[0] = static_cast<std::byte>(bits & 0xff);
  block[1] = static_cast<std::byte>(bits >> 8);
  const float scale = sdk::f16_to_f32(bits);
  for (std::uint32_t i = 0; i < kValues; ++i) {
    const float q = scale > 0.0f ? std::round(values[i] / scale) : 0.0f;
    block[2 + i] = static_cast<std::byte>(
        static_cast<std::int8_t>(std::clamp(static_cast<int>(q), -kZero, kZero - 1)));
  }
}

}  // namespace

sdk::FormatInfo TemplateNameFormat::info() const {
  sdk::FormatInfo info;
  info.name = "com.example.template-name@1";
  info.block_values = kValues;
  info.block_bytes = kBytes;
  info.storage.code_bits = 8;
  info.storage.group_values = info.storage.super_values = kValues;
  info.storage.scale_type = WICK_SCALE_F16;
  info.storage.zero_point = kZero;
  return info;
}

void TemplateNameFormat::decode(const std::byte* blocks, std::uint64_t n_values,
                                float* values) const {
  for (std::uint64_t i = 0; i < n_values; ++i) {
    const std::byte* block = blocks + i / kValues * kBytes;
    values[i] =
        scale_of(block) * static_cast<float>(static_cast<int>(code_of(block, i % kValues)) - kZero);
  }
}

void TemplateNameFormat::unpack(const std::byte* blocks, std::uint64_t row_bytes,
                                const wick_unpacked& tile) const {
  for (std::uint64_t row = 0; row < tile.n_rows; ++row) {
    const std::byte* first = blocks + row * row_bytes;
    for (std::uint64_t col = 0; col < tile.n_cols; ++col)
      tile.codes[row * tile.n_cols + col] = code_of(first + col / kValues * kBytes, col % kValues);
    for (std::uint64_t i = 0; i < tile.n_cols / kValues; ++i)
      tile.scales[row * (tile.n_cols / kValues) + i] = scale_of(first + i * kBytes);
  }
}

void TemplateNameFormat::encode(const float* values, const float*, std::uint64_t n_values,
                                std::byte* blocks) const {
  for (std::uint64_t i = 0; i < n_values; ++i)
    if (!std::isfinite(values[i]))
      wick::fail(wick::ErrorCode::kBadArgument, info().name, ": value ", i,
                 " is not finite; look at the checkpoint");
  for (std::uint64_t i = 0; i < n_values; i += kValues)
    encode_block(values + i, blocks + i / kValues * kBytes);
}

}  // namespace template_name_plugin
