// What this machine can do at most: bytes read and multiply-adds per second, measured. Not for
// choosing kernels.
#pragma once

#include <wick/sdk/host.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "mac_loops.h"

namespace wick::cpu {

/// Per second, of all threads together; WICK_UNKNOWN where the machine has no instruction for it.
struct Limits {
  std::uint32_t n_threads;
  std::uint64_t read_bytes, int8_macs, f16_macs, bf16_macs, f32_macs;
};

class LimitMeter {
 public:
  /// isa: the user's option "isa".
  explicit LimitMeter(std::string_view isa)
      : loops_(limit_loops(isa)), description_(loops_.description()) {}

  /// The instructions that are measured.
  const std::string& description() const noexcept { return description_; }

  /// By n_threads of the host's pool, 0 for all; takes half a second. Throws kOutOfMemory.
  Limits measure(const sdk::Host& host, std::uint32_t n_threads) const;

 private:
  LimitLoops loops_;
  std::string description_;
};

}  // namespace wick::cpu
