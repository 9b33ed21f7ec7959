// The catalogue: the storage classes of today's GGUF formats, of the block-wise ones, a few that a
// stranger's format could have, and the plain types. Backends are asked which of them they support.
#pragma once

#include <wick/abi/storage.h>
#include <wick/sdk/guard.h>

#include <cmath>
#include <string>
#include <vector>

namespace wick::conformance {

/// One way to store weights.
struct StorageEntry {
  std::string name;  ///< "u4g32x2m": see storage_name()
  bool is_plain = false;
  std::uint32_t plain_type = WICK_TYPE_F32;
  wick_storage_class storage{};

  const wick_storage_class* pointer() const { return is_plain ? nullptr : &storage; }
  std::uint32_t super_values() const { return is_plain ? 1 : storage.super_values; }
};

/// u or t (table), code bits, g group length, x2 for two levels (x2p: scales of the second are all
/// positive), m for mins, z zero point where it
/// is not the middle, then the scale type where it is not f16.
inline std::string storage_name(const wick_storage_class& s) {
  std::string name =
      (s.table ? "t" : "u") + std::to_string(s.code_bits) + "g" + std::to_string(s.group_values);
  if (s.sub_scale_bits > 0) name += s.has_min || s.sub_scale_low < 0 ? "x2" : "x2p";
  if (s.has_min) name += "m";
  const std::int32_t usual = s.table || s.has_min ? 0 : 1 << (s.code_bits - 1);
  if (s.zero_point != usual) name += "z" + std::to_string(s.zero_point);
  if (s.scale_type == WICK_SCALE_F32) name += "f32";
  if (s.scale_type == WICK_SCALE_E8M0) name += "e8m0";
  return name;
}

namespace detail {

inline wick_storage_class one_level(std::uint32_t code_bits, std::uint32_t group,
                                    std::uint32_t scale_type) {
  auto s = sdk::make<wick_storage_class>();
  s.code_bits = code_bits;
  s.group_values = s.super_values = group;
  s.scale_type = scale_type;
  s.zero_point = 1 << (code_bits - 1);
  return s;
}
inline wick_storage_class with_min(wick_storage_class s) {
  s.has_min = 1;
  s.zero_point = 0;
  return s;
}
inline wick_storage_class with_table(wick_storage_class s, const float* table) {
  s.table = table;
  s.zero_point = 0;
  return s;
}
inline wick_storage_class two_levels(wick_storage_class s, std::uint32_t super,
                                     std::uint32_t sub_bits, std::int32_t low) {
  s.super_values = super;
  s.sub_scale_bits = sub_bits;
  s.sub_scale_low = low;
  if (s.has_min) {
    s.sub_min_bits = sub_bits;
    s.sub_min_low = low;
  }
  return s;
}
inline wick_storage_class with_zero(wick_storage_class s, std::int32_t zero_point) {
  s.zero_point = zero_point;
  return s;
}
inline StorageEntry entry(const wick_storage_class& s) {
  StorageEntry e;
  e.storage = s;
  e.name = storage_name(s);
  return e;
}
/// Two formats with the same class but for their tables.
inline StorageEntry named(const char* book, const wick_storage_class& s) {
  StorageEntry e = entry(s);
  e.name += book;
  return e;
}
inline StorageEntry plain(const char* name, std::uint32_t type) {
  StorageEntry e;
  e.name = name;
  e.is_plain = true;
  e.plain_type = type;
  return e;
}

/// Levels of the code books: IQ4_NL and IQ4_XS; MXFP4, doubled; the signed levels of the IQ1, IQ2
/// and IQ3 formats, whose points are looked up when they are unpacked.
constexpr float kNonLinear[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                  1,    13,   25,  38,  53,  69,  89,  113};
constexpr float kMicroscaling[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};
constexpr float kIq1[8] = {-7, 1, 9, 0, -9, -1, 7, 0};
constexpr float kIq2[8] = {8, 25, 43, 0, -8, -25, -43, 0};
constexpr float kIq3[16] = {1, 3, 5, 7, 9, 11, 13, 15, -1, -3, -5, -7, -9, -11, -13, -15};
constexpr float kIq3Xxs[16] = {4,  12,  20,  28,  36,  44,  52,  62,
                               -4, -12, -20, -28, -36, -44, -52, -62};
/// NF4: quantiles of a normal distribution, no integers.
constexpr float kNormal[16] = {-1.0f,
                               -0.6961928009986877f,
                               -0.5250730514526367f,
                               -0.39491748809814453f,
                               -0.28444138169288635f,
                               -0.18477343022823334f,
                               -0.09105003625154495f,
                               0.0f,
                               0.07958029955625534f,
                               0.16093020141124725f,
                               0.24611230194568634f,
                               0.33791524171829224f,
                               0.44070982933044434f,
                               0.5626170039176941f,
                               0.7229568362236023f,
                               1.0f};
/// 256 levels, evenly spread over the logarithm of six decades; much like dynamic 8 bits.
inline const float* decades() {
  static const std::vector<float> table = [] {
    std::vector<float> levels(256);
    for (int i = 1; i < 128; ++i) {
      const auto level = static_cast<float>(std::pow(10.0, (i - 127) * 6.0 / 126));
      levels[static_cast<std::size_t>(127 + i)] = level;
      levels[static_cast<std::size_t>(127 - i)] = -level;
    }
    levels[255] = 1.125f;
    return levels;
  }();
  return table.data();
}
/// Not symmetric and not integers: what a stranger may bring.
constexpr float kStranger[8] = {-1.0f, -0.525f, -0.091f, 0.0f, 0.246f, 0.4407f, 0.7229f, 1.5f};

}  // namespace detail

inline std::vector<StorageEntry> plain_types() {
  return {detail::plain("f32", WICK_TYPE_F32), detail::plain("f16", WICK_TYPE_F16),
          detail::plain("bf16", WICK_TYPE_BF16)};
}

/// Of today's formats.
inline std::vector<StorageEntry> gguf_classes() {
  using namespace detail;
  const auto f16 = WICK_SCALE_F16;
  return {
      entry(one_level(4, 32, f16)),                                                   // Q4_0
      entry(with_min(one_level(4, 32, f16))),                                         // Q4_1
      entry(one_level(5, 32, f16)),                                                   // Q5_0
      entry(with_min(one_level(5, 32, f16))),                                         // Q5_1
      entry(one_level(8, 32, f16)),                                                   // Q8_0
      entry(two_levels(with_min(one_level(2, 16, f16)), 256, 4, 0)),                  // Q2_K
      entry(two_levels(one_level(3, 16, f16), 256, 6, -32)),                          // Q3_K
      entry(two_levels(with_min(one_level(4, 32, f16)), 256, 6, 0)),                  // Q4_K
      entry(two_levels(with_min(one_level(5, 32, f16)), 256, 6, 0)),                  // Q5_K
      entry(two_levels(one_level(6, 16, f16), 256, 8, -128)),                         // Q6_K
      entry(with_table(one_level(4, 32, f16), kNonLinear)),                           // IQ4_NL
      entry(with_table(two_levels(one_level(4, 32, f16), 256, 6, -32), kNonLinear)),  // IQ4_XS
      entry(with_table(one_level(4, 32, WICK_SCALE_E8M0), kMicroscaling)),            // MXFP4
      entry(with_zero(one_level(2, 256, f16), 1)),  // TQ1_0, TQ2_0
      entry(with_table(two_levels(one_level(3, 16, WICK_SCALE_F32), 256, 4, 0), kIq1)),  // IQ1_M
      entry(with_table(two_levels(one_level(3, 32, WICK_SCALE_F32), 256, 4, 0), kIq1)),  // IQ1_S
      named("iq2", with_table(two_levels(one_level(3, 16, WICK_SCALE_F32), 256, 5, 0), kIq2)),
      named("iq2xxs", with_table(two_levels(one_level(3, 32, WICK_SCALE_F32), 256, 5, 0), kIq2)),
      entry(with_table(two_levels(one_level(4, 32, f16), 256, 5, 0), kIq3)),  // IQ3_S
      entry(with_table(two_levels(one_level(4, 32, WICK_SCALE_F32), 256, 5, 0), kIq3Xxs)),
      entry(one_level(8, 32, WICK_SCALE_F32)),  // what a format may be widened to
      entry(one_level(8, 16, WICK_SCALE_F32)),
      entry(two_levels(one_level(8, 32, f16), 256, 5, 0)),  // the same with both levels kept
      entry(two_levels(one_level(8, 16, f16), 256, 5, 0)),
  };
}

/// Of the block-wise formats, which have names and no numbers.
inline std::vector<StorageEntry> blockwise_classes() {
  using namespace detail;
  const auto f16 = WICK_SCALE_F16;
  return {entry(with_table(one_level(4, 64, f16), kNormal)),  // NF4
          entry(with_table(two_levels(one_level(4, 64, f16), 256, 8, -128), kNormal)),
          entry(with_table(one_level(8, 64, f16), decades()))};  // dynamic 8 bits
}

/// Of nobody yet: every backend must take them or say that it does not.
inline std::vector<StorageEntry> strange_classes() {
  using namespace detail;
  return {entry(with_table(one_level(3, 64, WICK_SCALE_F32), kStranger)),
          entry(with_min(one_level(7, 8, WICK_SCALE_F32))),
          entry(with_zero(one_level(6, 128, WICK_SCALE_F16), 11)),
          entry(two_levels(with_min(one_level(8, 24, WICK_SCALE_F16)), 96, 7, -5)),
          entry(one_level(1, 64, WICK_SCALE_F16))};
}

inline std::vector<StorageEntry> all_storage() {
  std::vector<StorageEntry> all = plain_types();
  for (const auto& list : {gguf_classes(), blockwise_classes(), strange_classes()})
    all.insert(all.end(), list.begin(), list.end());
  return all;
}

}  // namespace wick::conformance
