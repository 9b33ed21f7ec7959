// Splits and packs blocks of dynamic 8 bits. Not searched with the others, whose tables have 16
// values: here a code is looked up by the bits of a value.
#include "formats/dynamic8.h"

#include "formats/block_format.h"
#include "formats/dynamic8_values.h"

#include <cstring>

namespace wick::quant {
namespace {

constexpr int kValues = 64;
constexpr int kZero = 127;  // the code of 0

/// How many middles between neighbours above zero lie below a magnitude, by its exponent and the
/// first 6 bits of its fraction: no such range of magnitudes holds two middles.
class Ranks {
 public:
  constexpr Ranks() {
    for (std::size_t i = 0; i < 128; ++i)
      middles_[i] = 0.5f * (kDynamic8Values[kZero + i] + kDynamic8Values[kZero + i + 1]);
    middles_[128] = std::bit_cast<float>(0x7f800000u);
    std::size_t rank = 0;
    for (std::uint32_t i = 0; i < kRanges; ++i) {
      const float first = std::bit_cast<float>((i + kFirst) << kShift);
      while (middles_[rank] < first) ++rank;
      ranks_[i] = static_cast<std::uint8_t>(rank);
    }
  }
  std::uint8_t nearest(float value) const noexcept {
    const float size = std::fabs(value);
    const std::uint32_t range = std::bit_cast<std::uint32_t>(size) >> kShift;
    const std::uint32_t at = range < kFirst ? 0 : std::min(range - kFirst, kRanges - 1);
    int rank = ranks_[at];
    rank += size > middles_[static_cast<std::size_t>(rank)] ? 1 : 0;
    return static_cast<std::uint8_t>(value < 0 ? std::max(kZero - rank, 0) : kZero + rank);
  }

 private:
  static constexpr int kShift = 17;
  static constexpr std::uint32_t kFirst = (127 - 23) << 6;  // 2^-23, below the first middle
  static constexpr std::uint32_t kRanges = (23 << 6) + 1;   // up to 1
  std::array<float, 129> middles_{};
  std::array<std::uint8_t, kRanges> ranks_{};
};
constexpr Ranks kRanks;

/// One scale, and what its nearest values lose; sums are in units of the scale.
struct Tried {
  float scale = 0;
  float error = 0;
  float solved = 0;  ///< the scale of least squares for these codes
};

struct Task {
  const float* values;
  float weights[kValues];
};

Tried try_scale(const Task& task, float scale, float unit) noexcept {
  const float inverse = 1.0f / scale;
  float error = 0, xq = 0, qq = 0;
  for (int i = 0; i < kValues; ++i) {
    const float x = task.values[i] * inverse, q = kDynamic8Values[kRanks.nearest(x)];
    const float w = task.weights[i];
    error += w * (x - q) * (x - q);
    xq += w * x * q;
    qq += w * q * q;
  }
  const float ratio = scale / unit;
  return {scale, error * ratio * ratio, qq > 0 ? scale * (xq / qq) : scale};
}

/// Up to 1 and never 0, as everywhere: what nobody uses is still fit.
void fill_weights(const float* importance, float* weights) noexcept {
  const float most = importance ? *std::max_element(importance, importance + kValues) : 0.0f;
  for (int i = 0; i < kValues; ++i)
    weights[i] = most > 1e-30f ? std::max(importance[i] / most, 1e-6f) : 1.0f;
}

/// Where the largest value may lie. First where it is published to lie; its negative, for only one
/// end of the table is 1; then between and beyond the last values.
constexpr float kPlaces[] = {1.0f,    -1.0f,   0.9929688f, -0.9929688f, 0.9859f, 0.9789f, 0.9718f,
                             0.9648f, 0.9578f, 0.9507f,    0.9437f,     1.004f,  1.008f};

struct Dynamic8 {
  using Block = BlockDynamic8;
  static constexpr const char* kName = "org.wick.dynamic8@1";
  static constexpr std::uint32_t kType = WICK_NONE;
  static constexpr wick_storage_class kStorage =
      storage({.bits = 8, .table = kDynamic8Values.data()}, {.super_values = kValues});

  static void split(const Block& block, const Parts& out) noexcept {
    std::memcpy(out.codes, block.q, kValues);
    *out.scale = load_f16(block.scale);
  }

  static void pack(const float* values, const float* importance, Block& block) {
    float largest = 0;
    for (int i = 0; i < kValues; ++i)
      if (std::fabs(values[i]) > std::fabs(largest)) largest = values[i];
    store_f16(kName, std::fabs(largest), block.scale);  // refuses what f16 cannot hold
    const float scale = best_scale(values, importance, largest);
    store_f16(kName, scale, block.scale);
    const float inverse = scale == 0 ? 0 : 1.0f / scale;
    for (int i = 0; i < kValues; ++i) block.q[i] = kRanks.nearest(values[i] * inverse);
  }

 private:
  static float best_scale(const float* values, const float* importance, float largest) noexcept {
    Task task{values, {}};
    fill_weights(importance, task.weights);
    Tried best;
    const auto consider = [&](float wanted) {
      const float stored = sdk::f16_to_f32(sdk::f32_to_f16(wanted));
      if (stored == 0 || !std::isfinite(stored)) return;
      const Tried tried = try_scale(task, stored, largest);
      if (best.scale == 0 || tried.error < best.error) best = tried;
    };
    for (const float place : kPlaces) consider(largest / place);
    consider(best.solved);
    return best.scale;
  }
};

}  // namespace

std::unique_ptr<sdk::Format> make_dynamic8() {
  return std::make_unique<BlockFormat<Dynamic8>>();
}

}  // namespace wick::quant
