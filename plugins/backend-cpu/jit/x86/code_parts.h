// Parts of product kernels that read a packed weight: codes of a basic vector, scales and mins of a
// group. Each names what its register holds after. Not for the order in which they run.
#pragma once

#include "jit/matmul_key.h"
#include "jit/x86/assembler.h"

namespace wick::cpu::jit::x86 {

/// How products of codes and activations are summed.
enum class Mac {
  kDot,     ///< VNNI, AMX: codes without sign
  kWords,   ///< codes of up to 4 bits: sums of 16 bits over a whole group
  kPairs,   ///< codes of up to 7 bits: two products in 16 bits, then 32
  kSigned,  ///< codes with sign: the sign goes over to the activations
};
Mac mac_of(Isa isa, const Layout& layout) noexcept;

/// A row vector: the rows of one register. Wide: a tile; else half of one.
class PackedReader {
 public:
  struct Pointers {
    Gp chunk, codes, sub_scales;  ///< of the first tile: its chunk, its next group
  };
  /// Keeps constants in registers `free` .. where registers are many.
  PackedReader(Assembler& assembler, const MatmulKey& key, const Pointers& at, unsigned free);
  static constexpr unsigned kConstantRegisters = 3;

  /// Emits what keeps constants.
  void start();

  /// to = codes of basic vector v of a unit, as the kind of sum wants them (with sign or without).
  void codes(unsigned row_vector, unsigned unit, unsigned v, const Vec& to, const Vec& temp);
  /// to = f32 scales of a group: of `half` of a unit.
  void scales(unsigned row_vector, unsigned half, const Vec& to, const Vec& temp);
  /// to = f32 mins of the same.
  void mins(unsigned row_vector, unsigned half, const Vec& to, const Vec& temp);
  /// Asks for the lines that `distance` bytes behind a unit's codes.
  void prefetch(unsigned tile, unsigned unit, unsigned distance);

 private:
  std::int64_t at(unsigned row_vector, unsigned bytes_per_row) const noexcept;
  asmjit::Operand low_mask(), high_mask();
  void low_bits(unsigned row_vector, unsigned unit, unsigned v, const Vec& to);
  void high_bits(unsigned row_vector, unsigned unit, unsigned v, const Vec& to, const Vec& temp);
  void first_level(unsigned row_vector, std::int64_t offset, const Vec& to, const Vec& temp);
  void sub_level(const Mem& from, std::int32_t low, bool high_nibble, const Vec& to);

  Assembler& e_;
  asm86::Assembler& a_;
  const Layout& layout_;
  const Packed& p_;
  Mac mac_;
  Pointers at_;
  unsigned free_;
};

}  // namespace wick::cpu::jit::x86
