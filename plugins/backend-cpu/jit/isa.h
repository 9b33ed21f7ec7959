// The instruction sets that kernels are emitted for. Not for the portable kernels' builds
// (../isa.h).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace wick::cpu::jit {

enum class Isa : std::uint8_t {
  kNone,  ///< nothing is emitted: portable kernels alone
  kAvx2,
  kAvxVnni,
  kAvx512,
  kAvx512Vnni,
  kAmxInt8,
  kNeon,
  kDotprod,
  kI8mm,
};

/// "avx512-vnni"; empty for kNone.
std::string_view name_of(Isa isa) noexcept;

/// How decode reads weights fastest on this CPU: tiles at once, where the instruction set takes
/// several, each a stream of memory; and how far ahead lines are asked for.
struct Streaming {
  std::uint32_t n_tiles, prefetch_bytes;
};
Streaming streaming() noexcept;

/// All that this CPU and its operating system run, slowest first; none in a build without JIT.
std::vector<Isa> usable_isas();

}  // namespace wick::cpu::jit
