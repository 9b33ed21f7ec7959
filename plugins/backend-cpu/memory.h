// Zeroed memory for tensors, aligned for vectors; pages come into being when first written. Not for
// small objects.
#pragma once

#include <cstdint>

namespace wick::cpu {

/// Huge pages are for memory that is used whole and read again and again.
enum class Pages { kNormal, kHuge };

class Memory {
 public:
  Memory() = default;
  /// Throws kOutOfMemory; zero bytes are allowed.
  explicit Memory(std::uint64_t n_bytes, Pages pages = Pages::kNormal);
  Memory(Memory&& other) noexcept;
  Memory& operator=(Memory&& other) noexcept;
  ~Memory();

  std::uint8_t* data() const noexcept { return data_; }
  std::uint64_t size() const noexcept { return size_; }

 private:
  std::uint8_t* data_ = nullptr;
  std::uint64_t size_ = 0;
};

}  // namespace wick::cpu
