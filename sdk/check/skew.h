// Structs as a host of another minor version would pass them: longer than ours where it is newer,
// with bytes behind that nobody may touch.
#pragma once

#include <wick/sdk/guard.h>

#include <cstring>
#include <string>

namespace wick::check {

/// Which host the checks play.
struct Skew {
  std::uint32_t minor = WICK_ABI_MINOR;
  std::uint32_t more_bytes = 0;  ///< that each of its structs is longer than ours
};
inline constexpr Skew kFirstHost{0, 0};
inline constexpr Skew kLateHost{99, 64};

/// The one that is played, and the first breach: "wick_error was written behind its end".
Skew& skew() noexcept;
std::string& breach();

/// A struct of the contract in front of canaries. The fields that we do not know hold them too: a
/// plugin of our version does not know them either.
template <class Struct>
class Skewed {
 public:
  explicit Skewed(const char* name, const Struct* from = nullptr) : name_(name) {
    std::memset(tail_, kCanary, sizeof tail_);
    value_ = from ? *from : sdk::make<Struct>();
    size_ = static_cast<std::uint32_t>(sizeof(Struct)) + skew().more_bytes;
    value_.struct_size = size_;
  }
  ~Skewed() {
    bool whole = value_.struct_size == size_;
    for (const unsigned char byte : tail_) whole = whole && byte == kCanary;
    if (!whole && breach().empty())
      breach() = std::string(name_) + " was written to behind the fields that ABI " +
                 std::to_string(WICK_ABI_MAJOR) + "." + std::to_string(WICK_ABI_MINOR) +
                 " has, or its struct_size was";
  }
  Skewed(const Skewed&) = delete;
  Skewed& operator=(const Skewed&) = delete;

  Struct* get() noexcept { return &value_; }
  Struct& operator*() noexcept { return value_; }
  Struct* operator->() noexcept { return &value_; }
  /// For the kit, with the size that it knows.
  void copy_to(Struct& to) const noexcept {
    to = value_;
    to.struct_size = static_cast<std::uint32_t>(sizeof(Struct));
  }

 private:
  static constexpr unsigned char kCanary = 0xa5;
  const char* name_;
  std::uint32_t size_ = 0;
  Struct value_;
  unsigned char tail_[128];
};

}  // namespace wick::check
