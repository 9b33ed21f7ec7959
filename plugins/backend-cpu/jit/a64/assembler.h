// asmjit's assembler for 128-bit vectors, with offsets and constants that an instruction does not
// hold. Not for kernels.
#pragma once

#include <asmjit/core.h>

#include <asmjit/arm/a64assembler.h>

#include <cstdint>
#include <vector>

#include "jit/emitted_code.h"

namespace wick::cpu::jit::a64 {

namespace asm64 = asmjit::a64;
using asm64::Gp;
using asm64::Mem;
using Vec = asm64::VecV;

/// Changes x17 at will.
class Assembler {
 public:
  static constexpr unsigned kLanes = 4;  ///< of 32 bits

  Assembler();

  /// asmjit itself.
  asm64::Assembler& raw() noexcept { return raw_; }

  static Vec vec(unsigned index) noexcept { return Vec(index); }

  /// Begins code that changes v8 to v15, whose low halves are the caller's, and ends it.
  void enter();
  void leave();

  /// to += bytes
  void advance(const Gp& to, std::uint64_t bytes);
  /// The first `bytes` of `to` (4, 8 or 16) from base + offset; the others are 0.
  void load(const Vec& to, const Gp& base, std::uint64_t offset, unsigned bytes = 16);
  /// Asks for the line of base + offset, a multiple of 8 below 32 KiB.
  void prefetch(const Gp& base, std::uint32_t offset);
  void clear(const Vec& v);
  /// All lanes of 32 bits.
  void repeat(const Vec& to, std::uint32_t value);
  void fill(const Vec& to, const std::uint8_t (&bytes)[16]);

  /// The code. Throws kUnavailable for what asmjit refused.
  std::vector<std::uint8_t> finish();

 private:
  EmittedCode code_;
  asm64::Assembler raw_;
};

}  // namespace wick::cpu::jit::a64
