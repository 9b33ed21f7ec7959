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

namespace {

/// Without branches, because a model is read through here.
bool has_only_finite(const float* values, std::uint64_t n) {
  std::int32_t largest = 0;
  for (std::uint64_t i = 0; i < n; ++i)
    largest =
        std::max(largest, static_cast<std::int32_t>(sdk::bits_from_f32(values[i]) & 0x7fffffff));
  return largest < 0x7f800000;
}

}  // namespace

void need_finite(const char* format, const float* values, std::uint64_t n_values) {
  if (has_only_finite(values, n_values)) return;
  for (std::uint64_t i = 0; i < n_values; ++i)
    if (!std::isfinite(values[i]))
      fail(ErrorCode::kBadFile, format, ": weight ", i, " of a row is ", values[i],
           ", need finite values; repair the model or keep this tensor in F32");
}

void need_importance(const char* format, const float* importance, std::uint64_t n_values) {
  for (std::uint64_t i = 0; i < n_values; ++i)
    if (!(importance[i] >= 0) || !std::isfinite(importance[i]))
      fail(ErrorCode::kBadArgument, format, ": the importance of weight ", i, " of a row is ",
           importance[i], ", need a finite value of at least 0; make the importance file again");
}

}  // namespace wick::quant
