// See plain_values.h. One loop a type, so that each vectorizes.
#include "files/plain_values.h"

#include <wick/sdk/half.h>

#include <cstring>

namespace wick {
namespace {

template <class T, class Convert>
void decode(const std::byte* from, std::uint64_t n, float* values, Convert convert) noexcept {
  for (std::uint64_t i = 0; i < n; ++i) {
    T value;
    std::memcpy(&value, from + i * sizeof value, sizeof value);
    values[i] = convert(value);
  }
}

template <class T, class Convert>
void encode(const float* values, std::uint64_t n, std::byte* to, Convert convert) noexcept {
  for (std::uint64_t i = 0; i < n; ++i) {
    const T value = convert(values[i]);
    std::memcpy(to + i * sizeof value, &value, sizeof value);
  }
}

}  // namespace

bool is_plain_float(std::uint32_t type_id) noexcept {
  const auto type = static_cast<PlainType>(type_id);
  return type == PlainType::kF32 || type == PlainType::kF16 || type == PlainType::kBF16 ||
         type == PlainType::kF64;
}

void decode_plain(PlainType type, const std::byte* from, std::uint64_t n, float* values) noexcept {
  if (type == PlainType::kF32)
    std::memcpy(values, from, n * sizeof(float));
  else if (type == PlainType::kF16)
    decode<std::uint16_t>(from, n, values, [](std::uint16_t v) { return sdk::f16_to_f32(v); });
  else if (type == PlainType::kBF16)
    decode<std::uint16_t>(from, n, values, [](std::uint16_t v) { return sdk::bf16_to_f32(v); });
  else
    decode<double>(from, n, values, [](double v) { return static_cast<float>(v); });
}

void encode_plain(PlainType type, const float* values, std::uint64_t n, std::byte* to) noexcept {
  if (type == PlainType::kF32)
    std::memcpy(to, values, n * sizeof(float));
  else if (type == PlainType::kF16)
    encode<std::uint16_t>(values, n, to, [](float v) { return sdk::f32_to_f16(v); });
  else
    encode<std::uint16_t>(values, n, to, [](float v) { return sdk::f32_to_bf16(v); });
}

}  // namespace wick
