// A weight format of 8 values in 8 bytes: byte b means b - 128. For plugins of the tests.
#pragma once

#include <wick/sdk/format.h>

namespace wick_test {

class BytesFormat : public wick::sdk::Format {
 public:
  BytesFormat(const char* name, std::uint32_t gguf_type) {
    info_.name = name;
    info_.gguf_type = gguf_type;
    info_.block_values = info_.block_bytes = 8;
    info_.storage.code_bits = 8;
    info_.storage.group_values = info_.storage.super_values = 8;
    info_.storage.zero_point = 128;
  }
  wick::sdk::FormatInfo info() const override { return info_; }
  void decode(const std::byte* blocks, std::uint64_t n_values, float* values) const override {
    for (std::uint64_t i = 0; i < n_values; ++i)
      values[i] = static_cast<float>(std::to_integer<int>(blocks[i]) - 128);
  }
  void unpack(const std::byte*, std::uint64_t, const wick_unpacked&) const override {}

 private:
  wick::sdk::FormatInfo info_;
};

inline void register_bytes(const wick::sdk::Host& host, const char* name, std::uint32_t gguf_type) {
  wick::sdk::register_format(host, std::make_unique<BytesFormat>(name, gguf_type));
}

}  // namespace wick_test
