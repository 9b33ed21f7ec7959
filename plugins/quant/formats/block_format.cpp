// What encoding refuses.

#include "formats/block_format.h"

namespace wick::quant {

void store_f16(const char* format, float value, std::uint8_t* bytes) {
  const std::uint16_t half = sdk::f32_to_f16(value);
  if ((half & 0x7fff) >= 0x7c00)
    fail(ErrorCode::kBadShape, format, ": a block of weights is too large, got a scale of ", value,
         ", need at most 65504; keep this tensor in F32 or BF16");
  bytes[0] = static_cast<std::uint8_t>(half);
  bytes[1] = static_cast<std::uint8_t>(half >> 8);
}

void need_finite(const char* format, const float* values, std::uint64_t n_values) {
  for (std::uint64_t i = 0; i < n_values; ++i)
    if (!std::isfinite(values[i]))
      fail(ErrorCode::kBadFile, format, ": weight ", i, " of a row is ", values[i],
           ", need finite values; repair the model or keep this tensor in F32");
}

}  // namespace wick::quant
