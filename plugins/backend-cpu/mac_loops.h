// Loops that multiply and add, or read, as fast as this machine can: what machine_limits.h
// measures. Not for results.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wick::cpu {

/// Over registers alone: nothing is read or written.
struct MacLoop {
  std::string_view name;             ///< its instruction and width: "vpdpbusd zmm"
  bool runs = false;                 ///< here, with the instructions that may be used
  std::uint64_t macs_per_round = 0;  ///< multiply-adds
  void (*run)(std::uint64_t n_rounds) noexcept = nullptr;
};

/// The best of each kind; `run` is null where there is no instruction for it.
struct LimitLoops {
  MacLoop int8, f16, bf16, f32;
  /// "vpdpbusd zmm, vdpbf16ps zmm, vfmadd231ps zmm"
  std::string description() const;
};

/// isa: the user's option; less than the machine has where it says so. Empty: all that it has.
LimitLoops limit_loops(std::string_view isa);

/// Reads so many bytes, a multiple of kReadStep.
inline constexpr std::uint64_t kReadStep = 512;
void read_bytes(const std::uint8_t* begin, std::uint64_t n_bytes) noexcept;

}  // namespace wick::cpu
