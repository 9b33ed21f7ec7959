// The smallest weight format: a scale for 32 signs. What a stranger writes on the first afternoon.
#include <wick/sdk/format.h>
#include <wick/sdk/plugin.h>

#include <cstring>

namespace {

/// 32 weights in 8 bytes: a scale in f32, then a bit each, least significant first: 1 is plus.
class Signs : public wick::sdk::Format {
 public:
  wick::sdk::FormatInfo info() const override {
    wick::sdk::FormatInfo info;
    info.name = "com.example.signs@1";
    info.block_values = 32;
    info.block_bytes = 8;
    info.storage.code_bits = 2;
    info.storage.group_values = info.storage.super_values = 32;
    info.storage.scale_type = WICK_SCALE_F32;
    info.storage.zero_point = 1;
    return info;
  }
  void decode(const std::byte* blocks, std::uint64_t n, float* values) const override {
    for (std::uint64_t i = 0; i < n; ++i)
      values[i] = scale(blocks + i / 32 * 8) * (plus(blocks + i / 32 * 8, i % 32) ? 1.0f : -1.0f);
  }
  void unpack(const std::byte* blocks, std::uint64_t row_bytes,
              const wick_unpacked& tile) const override {
    for (std::uint64_t i = 0; i < tile.n_rows * tile.n_cols; ++i) {
      const std::uint64_t row = i / tile.n_cols, col = i % tile.n_cols;
      const std::byte* block = blocks + row * row_bytes + col / 32 * 8;
      tile.codes[i] = plus(block, col % 32) ? 2 : 0;
      tile.scales[i / 32] = scale(block);
    }
  }

 private:
  static float scale(const std::byte* block) {
    float value = 0;
    std::memcpy(&value, block, sizeof value);
    return value;
  }
  static bool plus(const std::byte* block, std::uint64_t i) {
    return (std::to_integer<unsigned>(block[4 + i / 8]) >> (i % 8) & 1u) != 0;
  }
};

}  // namespace

WICK_DEFINE_PLUGIN("com.example.signs", "0.3.0",
                   [](const wick::sdk::Host& host) { wick::sdk::register_format<Signs>(host); })
