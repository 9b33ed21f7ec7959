// A weight format in C++: derive from Format, then register_format<MyFormat>(host).
#pragma once

#include <wick/abi/format.h>
#include <wick/sdk/host.h>

#include <cstddef>
#include <memory>
#include <string>

namespace wick {
inline namespace v1 {
namespace sdk {

struct FormatInfo {
  std::string name;                     ///< "Q4_K", or "org.wick.nf4@1"
  std::uint32_t gguf_type = WICK_NONE;  ///< WICK_NONE: bound by name in each file
  std::uint32_t block_values = 0, block_bytes = 0;
  wick_storage_class storage = make<wick_storage_class>();
};

class Format {
 public:
  virtual ~Format() = default;
  virtual FormatInfo info() const = 0;
  /// n_values is a multiple of block_values. Must not throw.
  virtual void decode(const std::byte* blocks, std::uint64_t n_values, float* values) const = 0;
  /// Splits a tile into the caller's memory (wick/abi/storage.h). Sizes were checked. Must not
  /// throw.
  virtual void unpack(const std::byte* blocks, std::uint64_t row_bytes,
                      const wick_unpacked& tile) const = 0;
  virtual bool can_encode() const { return false; }
  /// One row of finite values; importance [n_values] or null.
  virtual void encode(const float* values, const float* importance, std::uint64_t n_values,
                      std::byte* blocks) const {
    static_cast<void>(values), static_cast<void>(importance), static_cast<void>(n_values),
        static_cast<void>(blocks);
    fail(ErrorCode::kUnavailable, info().name,
         ": this format cannot be written; choose another type");
  }
};

/// A Format with its vtable; the provider's self.
class FormatProvider {
 public:
  explicit FormatProvider(std::unique_ptr<Format> format)
      : format_(std::move(format)), info_(format_->info()) {
    vtable_ = make<wick_format_v1>();
    vtable_.gguf_type = info_.gguf_type;
    vtable_.name = to_str(info_.name);
    vtable_.block_values = info_.block_values;
    vtable_.block_bytes = info_.block_bytes;
    vtable_.storage = &info_.storage;
    vtable_.decode = &FormatProvider::decode;
    vtable_.encode = format_->can_encode() ? &FormatProvider::encode : nullptr;
    vtable_.unpack = &FormatProvider::unpack;
  }
  const wick_format_v1* vtable() const noexcept { return &vtable_; }
  const FormatInfo& info() const noexcept { return info_; }

 private:
  static const FormatProvider& of(void* self) noexcept {
    return *static_cast<FormatProvider*>(self);
  }
  void need_blocks(std::uint64_t n_values) const {
    if (n_values % info_.block_values != 0)
      fail(ErrorCode::kBadShape, info_.name, ": a row holds ", n_values,
           " values, need a multiple of ", info_.block_values,
           "; keep this tensor in another type");
  }
  void need_memory(const wick_unpacked* tile) const {
    if (!tile || !WICK_HAS(tile, sub_mins))
      fail(ErrorCode::kBadArgument, info_.name, ": no tile to unpack to");
    const wick_storage_class& storage = info_.storage;
    if (!tile->codes || !tile->scales || (storage.has_min && !tile->mins) ||
        (storage.sub_scale_bits && !tile->sub_scales) || (storage.sub_min_bits && !tile->sub_mins))
      fail(ErrorCode::kBadArgument, info_.name,
           ": the tile has no memory for a part that this storage class has");
  }
  static wick_code decode(void* self, const void* blocks, std::uint64_t n_values, float* values,
                          wick_error* error) noexcept {
    return guard(error, [&] {
      of(self).need_blocks(n_values);
      of(self).format_->decode(static_cast<const std::byte*>(blocks), n_values, values);
    });
  }
  static wick_code encode(void* self, const float* values, const float* importance,
                          std::uint64_t n_values, void* blocks, wick_error* error) noexcept {
    return guard(error, [&] {
      of(self).need_blocks(n_values);
      of(self).format_->encode(values, importance, n_values, static_cast<std::byte*>(blocks));
    });
  }
  static wick_code unpack(void* self, const void* blocks, std::uint64_t row_bytes,
                          wick_unpacked* tile, wick_error* error) noexcept {
    return guard(error, [&] {
      of(self).need_memory(tile);
      of(self).need_blocks(tile->n_cols);
      of(self).format_->unpack(static_cast<const std::byte*>(blocks), row_bytes, *tile);
    });
  }

  std::unique_ptr<Format> format_;
  FormatInfo info_;
  wick_format_v1 vtable_;
};

inline void register_format(const Host& host, std::unique_ptr<Format> format) {
  auto holder = std::make_unique<FormatProvider>(std::move(format));
  wick_provider provider = make<wick_provider>();
  provider.kind = to_str("quant");
  provider.id = to_str(holder->info().name);
  provider.vtable = holder->vtable();
  provider.self = holder.get();
  provider.destroy = +[](void* self) noexcept { delete static_cast<FormatProvider*>(self); };
  host.register_provider(provider);
  holder.release();
}

template <class MyFormat>
void register_format(const Host& host) {
  register_format(host, std::make_unique<MyFormat>());
}

}  // namespace sdk
}  // namespace v1
}  // namespace wick
