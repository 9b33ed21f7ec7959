// The weight format com.example.template-name@1. As it is, 8 bits with a scale for 32 values.
#pragma once

#include <wick/sdk/format.h>

#include <cstdint>

namespace template_name_plugin {

/// 32 weights in 34 bytes: w[i] = scale * q[i], q in -128..127.
///
///   bytes 0..1    scale, f16, little-endian
///   bytes 2..33   q, one signed byte each
class TemplateNameFormat final : public wick::sdk::Format {
 public:
  wick::sdk::FormatInfo info() const override;
  void decode(const std::byte* blocks, std::uint64_t n_values, float* values) const override;
  void unpack(const std::byte* blocks, std::uint64_t row_bytes,
              const wick_unpacked& tile) const override;
  bool can_encode() const override { return true; }
  void encode(const float* values, const float* importance, std::uint64_t n_values,
              std::byte* blocks) const override;
};

}  // namespace template_name_plugin
