// A format with one fault, by macro: what the checks must find. Without a fault it passes.
#include <wick/sdk/format.h>
#include <wick/sdk/plugin.h>

#include <dlfcn.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <vector>

#ifndef FAULT
#define FAULT ""
#endif
#ifndef DRIVER
#define DRIVER ""
#endif

namespace {

bool has(const char* fault) {
  return std::strcmp(FAULT, fault) == 0;
}

/// What a driver does with its memory is its own business.
void use_driver() {
  void* driver = ::dlopen(DRIVER, RTLD_NOW);
  if (!driver) wick::fail(wick::ErrorCode::kUnavailable, "there is no driver");
  reinterpret_cast<void (*)()>(::dlsym(driver, "test_driver_works"))();
}

/// 32 values in 36 bytes: a scale in f32, then signed bytes.
class Bytes final : public wick::sdk::Format {
 public:
  wick::sdk::FormatInfo info() const override {
    wick::sdk::FormatInfo info;
    info.name = "org.test.bytes@1";
    info.block_values = 32;
    info.block_bytes = 36;
    info.storage.code_bits = has("narrow class") ? 7 : 8;
    info.storage.group_values = info.storage.super_values = 32;
    info.storage.scale_type = WICK_SCALE_F32;
    info.storage.zero_point = 128;
    return info;
  }
  void decode(const std::byte* blocks, std::uint64_t n, float* values) const override {
    if (has("null in decode")) std::abort();
    for (std::uint64_t i = 0; i < n; ++i) {
      const std::byte* block = blocks + i / 32 * 36;
      values[i] = scale(block) * static_cast<float>(static_cast<int>(code(block, i % 32)) - 128);
    }
  }
  void unpack(const std::byte* blocks, std::uint64_t row_bytes,
              const wick_unpacked& tile) const override {
    const std::uint64_t bytes = has("rows without gaps") ? tile.n_cols / 32 * 36 : row_bytes;
    for (std::uint64_t i = 0; i < tile.n_rows * tile.n_cols; ++i) {
      const std::byte* block = blocks + i / tile.n_cols * bytes + i % tile.n_cols / 32 * 36;
      tile.codes[i] = code(block, i % tile.n_cols % 32);
      tile.scales[i / 32] = scale(block);
    }
    if (has("other value")) tile.codes[tile.n_cols - 1] ^= 1;
    if (has("writes behind tile")) tile.scales[tile.n_rows * tile.n_cols / 32] = 1.0f;
    if (has("writes behind struct")) const_cast<wick_unpacked*>(&tile)[1].reserved = 1;
  }
  bool can_encode() const override { return true; }
  void encode(const float* values, const float*, std::uint64_t n,
              std::byte* blocks) const override {
    if (has("opens a driver")) use_driver();
    const std::vector<float> copy = copied(values, n);
    for (std::uint64_t i = 0; i < n; ++i)
      if (!std::isfinite(copy[i]) && !has("encodes NaN"))
        wick::fail(wick::ErrorCode::kBadArgument, "org.test.bytes@1: a value is not finite");
    for (std::uint64_t i = 0; i < n; i += 32) encode_block(copy.data() + i, blocks + i / 32 * 36);
  }

 private:
  /// The one allocation of this format.
  static std::vector<float> copied(const float* values, std::uint64_t n) {
    if (!has("aborts without memory")) return {values, values + n};
    return [&]() noexcept { return std::vector<float>(values, values + n); }();
  }
  static void encode_block(const float* values, std::byte* block) {
    float largest = 1e-30f;
    for (int i = 0; i < 32; ++i) largest = std::fmax(largest, std::fabs(values[i]));
    const float scale = has("encodes badly") ? largest * 4 : largest / 127;
    std::memcpy(block, &scale, sizeof scale);
    for (int i = 0; i < 32; ++i) {
      const float q = std::isfinite(values[i]) ? std::round(values[i] / scale) : 0.0f;
      block[4 + i] = static_cast<std::byte>(static_cast<std::int8_t>(q));
    }
  }
  static float scale(const std::byte* block) {
    float value = 0;
    std::memcpy(&value, block, sizeof value);
    return value;
  }
  static std::uint8_t code(const std::byte* block, std::uint64_t i) {
    return static_cast<std::uint8_t>(std::to_integer<unsigned>(block[4 + i]) ^ 0x80u);
  }
};

void act(const wick::sdk::Host& host) {
  if (has("crash in init")) __builtin_trap();
  if (has("prints")) std::puts("a plugin must not print");
  if (has("host written")) std::memset(const_cast<wick_host_api*>(host.api()) + 1, 0, 4);
  wick::sdk::register_format<Bytes>(host);
}

}  // namespace

WICK_DEFINE_PLUGIN("org.test.bad", "1.0.0", [](const wick::sdk::Host& host) { act(host); })

#ifdef SECOND_SYMBOL
extern "C" WICK_EXPORT int another_symbol;
int another_symbol = 1;
#endif
