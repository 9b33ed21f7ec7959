// Parts of product kernels that read a packed weight: codes of a basic vector, scales and mins of a
// group. Each names what its register holds after. Not for the order in which they run.
#pragma once

#include "jit/a64/assembler.h"
#include "jit/matmul_key.h"

namespace wick::cpu::jit::a64 {

/// How products of codes and activations are summed; codes are signed bytes for all.
enum class Mac {
  kWords,   ///< NEON: products of 16 bits over as many basic vectors as fit, then 32
  kDot,     ///< sdot: 4 columns of 4 rows at once
  kMatrix,  ///< smmla: 8 columns of 2 rows and 2 tokens at once
};

/// A row vector: 4 rows of a tile of 16.
class PackedReader {
 public:
  struct Pointers {
    Gp chunk, codes, sub_scales;  ///< of the tile: its chunk, its next group
  };
  /// Registers: two from `constants` on are kept; `temp` changes, and `level` with scales and mins.
  struct Registers {
    unsigned constants, temp, level;
  };
  PackedReader(Assembler& assembler, const Layout& layout, const Pointers& at,
               const Registers& registers);

  /// Emits what keeps constants.
  void start();

  /// to = codes of basic vector v of a unit, as integers with sign: of 8 bits less 128.
  void codes(unsigned row_vector, unsigned unit, unsigned v, const Vec& to);
  /// to = f32 scales of a group: of `half` of a unit.
  void scales(unsigned row_vector, unsigned half, const Vec& to);
  /// to = f32 mins of the same.
  void mins(unsigned row_vector, unsigned half, const Vec& to);

 private:
  void low_bits(unsigned row_vector, unsigned unit, unsigned v, const Vec& to);
  void high_bits(unsigned row_vector, unsigned unit, unsigned v, const Vec& to);
  void first_level(unsigned row_vector, std::uint64_t offset, const Vec& to);
  void power_of_two(const Vec& to);
  void sub_level(std::uint64_t offset, std::int32_t low, bool high_nibble, const Vec& to);

  Assembler& e_;
  asm64::Assembler& a_;
  const Layout& layout_;
  const Packed& p_;
  Pointers at_;
  Vec constant_, second_, temp_, level_;  // second_: mask of high bits, or the table
};

}  // namespace wick::cpu::jit::a64
