// The formats as a host gets them: through the plugin's one symbol and its vtables. Not for models
// or files.
#pragma once

#include <wick/plugin_abi.h>
#include <wick/sdk/guard.h>

#include <cctype>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

extern "C" const wick_plugin_header wick_plugin_v1;

namespace wick::quant {

/// A tile with memory of its own, rows lying one behind the other.
struct Unpacked {
  std::vector<std::uint8_t> codes;
  std::vector<float> scales, mins;
  std::vector<std::int16_t> sub_scales, sub_mins;
};

/// One format; lives as long as the program. Functions throw wick::Error as the vtable reports it.
class RegisteredFormat {
 public:
  explicit RegisteredFormat(const wick_provider& provider)
      : vtable_(static_cast<const wick_format_v1*>(provider.vtable)), self_(provider.self) {}

  const wick_format_v1& vtable() const { return *vtable_; }
  const wick_storage_class& storage() const { return *vtable_->storage; }
  std::string name() const { return std::string(sdk::to_view(vtable_->name)); }

  std::vector<float> decode(const std::vector<std::uint8_t>& blocks) const {
    std::vector<float> values(blocks.size() / vtable_->block_bytes * vtable_->block_values);
    sdk::check([&](wick_error* e) {
      return vtable_->decode(self_, blocks.data(), values.size(), values.data(), e);
    });
    return values;
  }

  /// importance: none, or as many as values.
  std::vector<std::uint8_t> encode(const std::vector<float>& values,
                                   const std::vector<float>& importance = {}) const {
    std::vector<std::uint8_t> blocks(values.size() / vtable_->block_values * vtable_->block_bytes);
    sdk::check([&](wick_error* e) {
      return vtable_->encode(self_, values.data(), importance.empty() ? nullptr : importance.data(),
                             values.size(), blocks.data(), e);
    });
    return blocks;
  }

  /// n_rows rows, row_bytes apart, of n_cols values each.
  Unpacked unpack(const std::uint8_t* blocks, std::uint64_t row_bytes, std::uint64_t n_rows,
                  std::uint64_t n_cols) const {
    const wick_storage_class& c = storage();
    const std::uint64_t n_scales = n_rows * (n_cols / c.super_values);
    const std::uint64_t n_groups = n_rows * (n_cols / c.group_values);
    Unpacked made{std::vector<std::uint8_t>(n_rows * n_cols), std::vector<float>(n_scales),
                  std::vector<float>(c.has_min ? n_scales : 0),
                  std::vector<std::int16_t>(c.sub_scale_bits ? n_groups : 0),
                  std::vector<std::int16_t>(c.sub_min_bits ? n_groups : 0)};
    auto tile = sdk::make<wick_unpacked>();
    tile.n_rows = n_rows;
    tile.n_cols = n_cols;
    tile.codes = made.codes.data();
    tile.scales = made.scales.data();
    tile.mins = made.mins.data();
    tile.sub_scales = made.sub_scales.data();
    tile.sub_mins = made.sub_mins.data();
    sdk::check([&](wick_error* e) { return vtable_->unpack(self_, blocks, row_bytes, &tile, e); });
    return made;
  }

  wick_code unpack_to(wick_unpacked* tile, wick_error* error) const {
    const std::uint8_t none = 0;
    return vtable_->unpack(self_, &none, 0, tile, error);
  }
  wick_code decode_count(std::uint64_t n_values, wick_error* error) const {
    return vtable_->decode(self_, nullptr, n_values, nullptr, error);
  }

 private:
  const wick_format_v1* vtable_;
  void* self_;
};

inline const std::vector<RegisteredFormat>& registered_formats() {
  static const std::vector<RegisteredFormat>* const kFormats = [] {
    auto* formats = new std::vector<RegisteredFormat>();
    auto host = sdk::make<wick_host_api>();
    host.host = formats;
    host.register_provider = +[](void* to, const wick_provider* provider, wick_error*) noexcept {
      static_cast<std::vector<RegisteredFormat>*>(to)->emplace_back(*provider);
      return wick_code{WICK_OK};
    };
    void* plugin = nullptr;
    sdk::check([&](wick_error* e) { return wick_plugin_v1.init(&host, &plugin, e); });
    return formats;
  }();
  return *kFormats;
}

inline const RegisteredFormat& format_named(const std::string& name) {
  for (const RegisteredFormat& format : registered_formats())
    if (format.name() == name) return format;
  throw std::runtime_error("no format is called " + name);
}

/// Of those that have a number in GGUF, or of all.
inline std::vector<std::string> format_names(bool with_local = true) {
  std::vector<std::string> names;
  for (const RegisteredFormat& format : registered_formats())
    if (with_local || format.vtable().gguf_type != WICK_NONE) names.push_back(format.name());
  return names;
}
/// `org.wick.nf4@1` as a test may be called.
inline std::string as_test_name(std::string name) {
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

/// The formula of wick/abi/storage.h, written down once more.
inline std::vector<float> reassemble(const wick_storage_class& c, const Unpacked& parts) {
  std::vector<float> values(parts.codes.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t super = i / c.super_values, group = i / c.group_values;
    float scale = parts.scales[super];
    if (c.sub_scale_bits) scale = scale * static_cast<float>(parts.sub_scales[group]);
    const int code = parts.codes[i];
    values[i] = scale * (c.table ? c.table[code] : static_cast<float>(code - c.zero_point));
    if (!c.has_min) continue;
    float min = parts.mins[super];
    if (c.sub_min_bits) min = min * static_cast<float>(parts.sub_mins[group]);
    values[i] = values[i] - min;
  }
  return values;
}

/// The same bits; any NaN is a NaN, and the sign of a zero does not count.
inline bool same_value(float a, float b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return a == b;
}

}  // namespace wick::quant
