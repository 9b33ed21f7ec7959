// A format from what its block looks like: the loops over rows and blocks, and the formula, once
// for all formats. Not for formats whose blocks hold more than one first-level scale.
#pragma once

#include "formats/storage.h"
#include "search/scale_search.h"

#include <wick/sdk/format.h>
#include <wick/sdk/half.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace wick::quant {

static_assert(std::endian::native == std::endian::little, "GGUF blocks are read as they lie");

/// Where the parts of one block go. Null where the format's class has no such part.
struct Parts {
  std::uint8_t* codes;       ///< [super_values]
  float* scale;              ///< one
  float* min;                ///< one
  std::int16_t* sub_scales;  ///< [super_values / group_values]
  std::int16_t* sub_mins;    ///< the same
};

inline std::uint16_t load_u16(const std::uint8_t* bytes) noexcept {
  return static_cast<std::uint16_t>(bytes[0] | bytes[1] << 8);
}
inline std::uint32_t load_u32(const std::uint8_t* bytes) noexcept {
  return load_u16(bytes) | static_cast<std::uint32_t>(load_u16(bytes + 2)) << 16;
}
inline float load_f16(const std::uint8_t* bytes) noexcept {
  return sdk::f16_to_f32(load_u16(bytes));
}

/// Throws where value, a scale or min of finite weights, is beyond f16.
void store_f16(const char* format, float value, std::uint8_t* bytes);
/// Throws where one of the values is an infinity or a NaN, or where one of the weights is no
/// weight.
void need_finite(const char* format, const float* values, std::uint64_t n_values);
void need_importance(const char* format, const float* importance, std::uint64_t n_values);

/// What join() makes a block of: the parts that split() gives, found by a search.
struct JoinedParts {
  const std::uint8_t* codes;
  float scale, min;
  const std::int16_t* sub_scales;
  const std::int16_t* sub_mins;
};

/// Layout gives: Block (bytes only, so that it may lie anywhere), kName, kType, kStorage,
/// `static void split(const Block&, const Parts&) noexcept`, and where the format can be written
/// its inverse, `static void join(const JoinedParts&, Block&)`, for what a search found, or
/// `static void pack(const float* values, Block&)`, which finds by itself; with a middle parameter
/// `const float* importance`, which may be null, if it weighs errors.
template <class Layout>
class BlockFormat final : public sdk::Format {
  using Block = typename Layout::Block;
  static constexpr wick_storage_class kClass = Layout::kStorage;
  static constexpr std::uint32_t kValues = kClass.super_values;
  static constexpr std::uint32_t kGroup = kClass.group_values;
  static constexpr std::uint32_t kGroups = kValues / kGroup;
  static constexpr bool kCanPackWeighed = requires(const float* values, Block& block) {
    Layout::pack(values, values, block);
  };
  static constexpr bool kCanPack = kCanPackWeighed || requires(const float* values, Block& block) {
    Layout::pack(values, block);
  };
  static constexpr bool kCanJoin = requires(const JoinedParts& parts, Block& block) {
    Layout::join(parts, block);
  };
  static constexpr std::uint32_t kBlocksAtOnce = std::max(1u, kGroupsAtOnce / kGroups);
  static_assert(alignof(Block) == 1 && kValues % kGroup == 0);

 public:
  sdk::FormatInfo info() const override {
    sdk::FormatInfo made;
    made.name = Layout::kName;
    made.gguf_type = Layout::kType;
    made.block_values = kValues;
    made.block_bytes = sizeof(Block);
    made.storage = kClass;
    return made;
  }

  void decode(const std::byte* blocks, std::uint64_t n_values, float* values) const override {
    const auto* block = reinterpret_cast<const Block*>(blocks);
    for (std::uint64_t i = 0; i < n_values / kValues; ++i)
      decode_block(block[i], values + i * kValues);
  }

  void unpack(const std::byte* blocks, std::uint64_t row_bytes,
              const wick_unpacked& tile) const override {
    const std::uint64_t n_blocks = tile.n_cols / kValues;
    for (std::uint64_t row = 0; row < tile.n_rows; ++row) {
      const auto* block = reinterpret_cast<const Block*>(blocks + row * row_bytes);
      for (std::uint64_t i = 0; i < n_blocks; ++i) {
        const std::uint64_t at = row * n_blocks + i;
        Layout::split(block[i], {tile.codes + at * kValues, tile.scales + at,
                                 kClass.has_min ? tile.mins + at : nullptr,
                                 kClass.sub_scale_bits ? tile.sub_scales + at * kGroups : nullptr,
                                 kClass.sub_min_bits ? tile.sub_mins + at * kGroups : nullptr});
      }
    }
  }

  bool can_encode() const override { return kCanPack || kCanJoin; }

  void encode(const float* values, const float* importance, std::uint64_t n_values,
              std::byte* blocks) const override {
    if constexpr (kCanPack || kCanJoin) {
      need_finite(Layout::kName, values, n_values);
      if (importance) need_importance(Layout::kName, importance, n_values);
      auto* block = reinterpret_cast<Block*>(blocks);
      const std::uint64_t n_blocks = n_values / kValues;
      if constexpr (kCanPackWeighed) {
        for (std::uint64_t i = 0; i < n_blocks; ++i)
          Layout::pack(values + i * kValues, importance ? importance + i * kValues : nullptr,
                       block[i]);
      } else if constexpr (kCanPack) {
        for (std::uint64_t i = 0; i < n_blocks; ++i) Layout::pack(values + i * kValues, block[i]);
      } else {
        for (std::uint64_t i = 0; i < n_blocks; i += kBlocksAtOnce)
          encode_blocks(values + i * kValues, importance ? importance + i * kValues : nullptr,
                        std::min<std::uint64_t>(kBlocksAtOnce, n_blocks - i), block + i);
      }
    } else {
      Format::encode(values, importance, n_values, blocks);
    }
  }

 private:
  // Through the parts rather than beside them: what is unpacked is then what is decoded, and every
  // format is written once.
  static void decode_block(const Block& block, float* values) {
    std::uint8_t codes[kValues];
    float scale = 0, min = 0;
    std::int16_t sub_scales[kGroups], sub_mins[kGroups];
    Layout::split(block, {codes, &scale, &min, sub_scales, sub_mins});
    for (std::uint32_t group = 0; group < kGroups; ++group) {
      const float group_scale = kClass.sub_scale_bits ? scale * sub_scales[group] : scale;
      const float group_min = kClass.sub_min_bits ? min * sub_mins[group] : min;
      for (std::uint32_t i = group * kGroup; i < (group + 1) * kGroup; ++i) {
        const float product = group_scale * value_of(codes[i]);
        values[i] = kClass.has_min ? product - group_min : product;
      }
    }
  }
  static void encode_blocks(const float* values, const float* importance, std::uint64_t n_blocks,
                            Block* blocks) {
    std::uint8_t codes[kBlocksAtOnce * kValues];
    float scales[kBlocksAtOnce], mins[kBlocksAtOnce] = {};
    std::int16_t sub_scales[kBlocksAtOnce * kGroups], sub_mins[kBlocksAtOnce * kGroups];
    const wick_storage_class storage = kClass;
    scale_search()({&storage, values, importance, static_cast<int>(n_blocks)},
                   {codes, scales, mins, sub_scales, sub_mins});
    for (std::uint64_t i = 0; i < n_blocks; ++i)
      Layout::join({codes + i * kValues, scales[i], mins[i], sub_scales + i * kGroups,
                    sub_mins + i * kGroups},
                   blocks[i]);
  }
  static float value_of(std::uint8_t code) {
    // No `if constexpr`: under UBSan gcc 12 holds no address to be a constant (its bug 71962).
    const float* table = kClass.table;
    return table ? table[code] : static_cast<float>(code - kClass.zero_point);
  }
};

}  // namespace wick::quant
