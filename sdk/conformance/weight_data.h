// A weight as the kit makes it: random codes and scales of a storage class, or a plain type.
// Built by hand, not by a format plugin, so that a fault there and here cannot cancel out.
#pragma once

#include "conformance/inputs.h"
#include "conformance/reference/weights.h"

#include <wick/abi/backend.h>
#include <wick/sdk/guard.h>
#include <wick/sdk/half.h>

#include <cstdint>
#include <string>
#include <vector>

namespace wick::conformance {

struct WeightData {
  wick_storage_class storage{};
  bool is_plain = true;
  std::uint32_t plain_type = WICK_TYPE_F32;
  std::uint32_t use = WICK_USE_MATMUL;
  std::uint64_t n_rows = 0, n_cols = 0;
  std::vector<unsigned char> plain;  ///< rows of the plain type
  std::vector<std::uint8_t> codes;
  std::vector<float> scales, mins;
  std::vector<std::int16_t> sub_scales, sub_mins;

  /// Rows first .. first + n of columns col .. col + width, copied: tiles are contiguous.
  WeightData part(std::uint64_t first, std::uint64_t n, std::uint64_t col,
                  std::uint64_t width) const {
    WeightData p = *this;
    p.n_rows = n;
    p.n_cols = width;
    const auto cut = [&](const auto& from, auto& to, std::uint64_t per) {
      if (from.empty()) return;
      to.clear();
      for (std::uint64_t r = first; r < first + n; ++r) {
        const auto begin = from.begin() + static_cast<std::ptrdiff_t>((r * n_cols + col) / per);
        to.insert(to.end(), begin, begin + static_cast<std::ptrdiff_t>(width / per));
      }
    };
    cut(codes, p.codes, 1);
    cut(scales, p.scales, storage.super_values);
    cut(mins, p.mins, storage.super_values);
    cut(sub_scales, p.sub_scales, storage.group_values);
    cut(sub_mins, p.sub_mins, storage.group_values);
    return p;
  }

  /// Points into this object.
  wick_unpacked tile() {
    auto t = sdk::make<wick_unpacked>();
    t.n_rows = n_rows;
    t.n_cols = n_cols;
    t.codes = codes.data();
    t.scales = scales.data();
    t.mins = mins.empty() ? nullptr : mins.data();
    t.sub_scales = sub_scales.empty() ? nullptr : sub_scales.data();
    t.sub_mins = sub_mins.empty() ? nullptr : sub_mins.data();
    return t;
  }

  reference::Matrix values() const {
    if (is_plain) return reference::decode_plain(plain_type, plain.data(), n_rows, n_cols);
    WeightData copy = *this;
    return reference::decode(storage, copy.tile());
  }

  /// |scaled| + |offset| of each value; with the zero point as a term of its own where a backend
  /// may take codes as they are and subtract zero_point times a sum.
  reference::Matrix magnitudes(bool zero_apart) const {
    reference::Matrix m(n_rows, n_cols);
    if (is_plain) return reference::map(values(), [](double v) { return std::fabs(v); });
    WeightData copy = *this;
    const wick_unpacked t = copy.tile();
    for (std::uint64_t r = 0; r < n_rows; ++r)
      for (std::uint64_t c = 0; c < n_cols; ++c) {
        const reference::Terms terms = reference::terms_of(storage, t, r, c);
        const float zero = zero_apart ? terms.scale * static_cast<float>(storage.zero_point) : 0.0f;
        m.row(r)[c] = std::fabs(static_cast<double>(terms.scaled)) +
                      std::fabs(static_cast<double>(terms.offset)) +
                      2.0 * std::fabs(static_cast<double>(zero));
      }
    return m;
  }
};

/// A plain weight of values of the given spread.
inline WeightData plain_weight(std::uint32_t type, const reference::Matrix& values,
                               std::uint32_t use) {
  WeightData w;
  w.plain_type = type;
  w.use = use;
  w.n_rows = values.n_rows;
  w.n_cols = values.width;
  for (double value : values.values) {
    const float f32 = static_cast<float>(value);
    const std::uint32_t bits = type == WICK_TYPE_F32   ? sdk::bits_from_f32(f32)
                               : type == WICK_TYPE_F16 ? sdk::f32_to_f16(f32)
                                                       : sdk::f32_to_bf16(f32);
    for (unsigned i = 0; i < (type == WICK_TYPE_F32 ? 4u : 2u); ++i)
      w.plain.push_back(static_cast<unsigned char>(bits >> (8 * i)));
  }
  return w;
}

namespace detail {

/// A first-level scale that the class's type holds without loss. Rare rows have the extremes.
inline float random_scale(const wick_storage_class& storage, bool extreme, Random& random) {
  if (storage.scale_type == WICK_SCALE_E8M0) {
    const std::uint32_t low = extreme ? 1 : 117, n = extreme ? 156 : 12;
    return sdk::e8m0_to_f32(static_cast<std::uint8_t>(low + random.below(n)));
  }
  const double spread = storage.sub_scale_bits > 0 ? 0.002 : 0.02;
  double value = spread * (0.5 + random.uniform());
  if (random.below(4) == 0) value = -value;
  static const double edges[] = {0.0,     0x1p-24, -0x1p-24, 0x1p-14, 1023 * 0x1p-24,
                                 65504.0, -65504.0};
  if (extreme) value = edges[random.below(7)];
  const float f32 = static_cast<float>(value);
  return storage.scale_type == WICK_SCALE_F16 ? sdk::f16_to_f32(sdk::f32_to_f16(f32)) : f32;
}

inline std::vector<std::int16_t> random_subs(std::uint64_t n, std::uint32_t n_bits,
                                             std::int32_t low, Random& random) {
  std::vector<std::int16_t> subs(n);
  for (auto& sub : subs) {
    const std::uint32_t top = (1u << n_bits) - 1;
    const std::uint32_t edge = random.below(16);  // each end about once in 16
    const std::uint32_t step = edge == 0 ? 0 : edge == 1 ? top : random.below(top + 1);
    sub = static_cast<std::int16_t>(low + static_cast<std::int32_t>(step));
  }
  return subs;
}

}  // namespace detail

/// All codes are as likely as any other; every fifth row (4, 9, ...) has extreme scales: zero,
/// subnormal, the largest.
inline WeightData random_weight(const wick_storage_class& storage, std::uint64_t n_rows,
                                std::uint64_t n_cols, Random& random) {
  WeightData w;
  w.storage = storage;
  w.is_plain = false;
  w.n_rows = n_rows;
  w.n_cols = n_cols;
  for (std::uint64_t i = 0; i < n_rows * n_cols; ++i)
    w.codes.push_back(static_cast<std::uint8_t>(random.below(1u << storage.code_bits)));
  const std::uint64_t supers = n_cols / storage.super_values;
  const std::uint64_t n_groups = n_rows * n_cols / storage.group_values;
  for (std::uint64_t i = 0; i < n_rows * supers; ++i) {
    const bool extreme = (i / supers) % 5 == 4;
    w.scales.push_back(detail::random_scale(storage, extreme, random));
    if (storage.has_min) w.mins.push_back(detail::random_scale(storage, extreme, random));
  }
  if (storage.sub_scale_bits > 0)
    w.sub_scales =
        detail::random_subs(n_groups, storage.sub_scale_bits, storage.sub_scale_low, random);
  if (storage.sub_min_bits > 0)
    w.sub_mins = detail::random_subs(n_groups, storage.sub_min_bits, storage.sub_min_low, random);
  return w;
}

}  // namespace wick::conformance
