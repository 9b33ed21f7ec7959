// asmjit's assembler for vectors of one width: the encodings that differ between 256 and 512 bits,
// and constants. Not for kernels.
#pragma once

#include <asmjit/x86.h>

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "jit/emitted_code.h"
#include "jit/isa.h"

namespace wick::cpu::jit::x86 {

namespace asm86 = asmjit::x86;
using asm86::Gp;
using asm86::Mem;
using asm86::Vec;

class Assembler {
 public:
  explicit Assembler(Isa isa);

  /// asmjit itself, for what is the same at both widths.
  asm86::Assembler& raw() noexcept { return raw_; }

  bool is_wide() const noexcept { return isa_ >= Isa::kAvx512; }
  unsigned lanes() const noexcept { return is_wide() ? 16 : 8; }
  unsigned bytes() const noexcept { return lanes() * 4; }
  unsigned n_registers() const noexcept { return is_wide() ? 32 : 16; }
  Vec vec(unsigned index) const noexcept;

  void load(const Vec& to, const Mem& from);
  void copy(const Vec& to, const Vec& from);
  void store(const Mem& to, const Vec& from);
  void clear(const Vec& v);
  void bit_and(const Vec& to, const Vec& a, const asmjit::Operand& b);
  void bit_or(const Vec& to, const Vec& a, const Vec& b);
  void bit_xor(const Vec& to, const Vec& a, const asmjit::Operand& b);
  /// Words of 16 bits; a positive count shifts left.
  void shift_words(const Vec& to, const Mem& from, int count);
  /// All lanes of 32 bits from one.
  void repeat(const Vec& to, const Mem& from);
  void repeat_float(const Vec& to, const Mem& from);
  /// to += sums of four products: bytes of `codes` without sign, of `x` with.
  void dot_bytes(const Vec& to, const Vec& codes, const Vec& x);
  /// Memory of one vector: a value of 32 bits again and again, or 16 bytes again and again.
  Mem constant(std::uint32_t value);
  Mem constant_bytes(const std::uint8_t (&bytes)[16]);
  /// Memory of 64 bytes.
  Mem constant_line(const std::array<std::uint8_t, 64>& bytes);

  /// The code with its constants behind it. Throws kUnavailable for what asmjit refused.
  std::vector<std::uint8_t> finish();

 private:
  Mem constant_of(std::vector<std::uint8_t> bytes);

  Isa isa_;
  EmittedCode code_;
  asm86::Assembler raw_;
  std::vector<std::pair<std::vector<std::uint8_t>, asmjit::Label>> constants_;
};

}  // namespace wick::cpu::jit::x86
