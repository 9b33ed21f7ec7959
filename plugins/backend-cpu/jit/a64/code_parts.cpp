// See code_parts.h; the packed layout is described in portable/packed.h.
#include "jit/a64/code_parts.h"

namespace wick::cpu::jit::a64 {
namespace {

constexpr unsigned kBasicVector = 64;  // bytes

unsigned scale_bytes(const Packed& p) noexcept {
  return p.scale_type == WICK_SCALE_F32 ? 4 : p.scale_type == WICK_SCALE_F16 ? 2 : 1;
}

std::uint32_t bits_of_float(float value) noexcept {
  return __builtin_bit_cast(std::uint32_t, value);
}

}  // namespace

PackedReader::PackedReader(Assembler& assembler, const Layout& layout, const Pointers& at,
                           const Registers& registers)
    : e_(assembler),
      a_(assembler.raw()),
      layout_(layout),
      p_(layout.packed),
      at_(at),
      constant_(registers.constants),
      second_(registers.constants + 1),
      temp_(registers.temp),
      level_(registers.level) {}

void PackedReader::start() {
  a_.movi(constant_.b16(), p_.plane_bits == 8 ? 0x80 : (1u << p_.plane_bits) - 1);
  if (p_.high_bits) a_.movi(second_.b16(), ((1u << p_.high_bits) - 1) << p_.plane_bits);
  if (!layout_.has_table) return;
  std::uint8_t table[16];
  for (unsigned i = 0; i < 16; ++i) table[i] = static_cast<std::uint8_t>(layout_.integers[i]);
  e_.fill(second_, table);
}

void PackedReader::low_bits(unsigned row_vector, unsigned unit, unsigned v, const Vec& to) {
  const unsigned per_byte = 8 / p_.plane_bits, shift = v % per_byte * p_.plane_bits;
  e_.load(to, at_.codes, unit * p_.unit_bytes + v / per_byte * kBasicVector + row_vector * 16);
  if (p_.plane_bits == 8) {
    a_.eor(to.b16(), to.b16(), constant_.b16());
    return;
  }
  if (shift != 0) a_.ushr(to.b16(), to.b16(), shift);
  if (shift + p_.plane_bits != 8) a_.and_(to.b16(), to.b16(), constant_.b16());
}

void PackedReader::high_bits(unsigned row_vector, unsigned unit, unsigned v, const Vec& to) {
  const unsigned per_byte = 8 / p_.high_bits, shift = v % per_byte * p_.high_bits;
  e_.load(temp_, at_.codes,
          unit * p_.unit_bytes + kBasicVector * p_.plane_bits + v / per_byte * kBasicVector +
              row_vector * 16);
  if (shift > p_.plane_bits)
    a_.ushr(temp_.b16(), temp_.b16(), shift - p_.plane_bits);
  else if (shift < p_.plane_bits)
    a_.shl(temp_.b16(), temp_.b16(), p_.plane_bits - shift);
  a_.and_(temp_.b16(), temp_.b16(), second_.b16());
  a_.orr(to.b16(), to.b16(), temp_.b16());
}

void PackedReader::codes(unsigned row_vector, unsigned unit, unsigned v, const Vec& to) {
  low_bits(row_vector, unit, v, to);
  if (p_.high_bits) high_bits(row_vector, unit, v, to);
  if (layout_.has_table) a_.tbl(to.b16(), second_.b16(), to.b16());
}

void PackedReader::first_level(unsigned row_vector, std::uint64_t offset, const Vec& to) {
  const unsigned size = scale_bytes(p_);
  e_.load(to, at_.chunk, (row_vector * Assembler::kLanes + offset) * size,
          Assembler::kLanes * size);
  if (size == 2) a_.fcvtl(to.s4(), to.h4());
  if (size == 1) power_of_two(to);
}

/// 2^(e - 127); e = 0 is a subnormal, 255 is NaN.
void PackedReader::power_of_two(const Vec& to) {
  a_.ushll(to.h8(), to.b8(), 0);
  a_.ushll(to.s4(), to.h4(), 0);
  a_.movi(temp_.s4(), 1);
  a_.add(temp_.s4(), temp_.s4(), to.s4());
  a_.ushr(temp_.s4(), temp_.s4(), 8);
  a_.shl(temp_.s4(), temp_.s4(), 22);
  a_.shl(to.s4(), to.s4(), 23);
  a_.orr(to.b16(), to.b16(), temp_.b16());
  a_.movi(temp_.s4(), 0x00400000);
  a_.umax(to.s4(), to.s4(), temp_.s4());
}

void PackedReader::sub_level(std::uint64_t offset, std::int32_t low, bool high_nibble,
                             const Vec& to) {
  e_.load(to, at_.sub_scales, offset, Assembler::kLanes);
  a_.ushll(to.h8(), to.b8(), 0);
  a_.ushll(to.s4(), to.h4(), 0);
  if (!high_nibble && p_.shares_byte) a_.shl(to.s4(), to.s4(), 28);
  if (p_.shares_byte) a_.ushr(to.s4(), to.s4(), high_nibble ? 4 : 28);
  if (low != 0) {
    e_.repeat(temp_, static_cast<std::uint32_t>(low));
    a_.add(to.s4(), to.s4(), temp_.s4());
  }
  a_.scvtf(to.s4(), to.s4());
}

void PackedReader::scales(unsigned row_vector, unsigned half, const Vec& to) {
  first_level(row_vector, p_.n_scales == 2 ? half * kTileRows : 0, to);
  if (p_.has_sub_scale) {
    sub_level(row_vector * Assembler::kLanes + half * kTileRows, p_.sub_scale_low, false, level_);
    a_.fmul(to.s4(), to.s4(), level_.s4());
  }
  if (p_.integer_scale == 1.0f) return;
  e_.repeat(temp_, bits_of_float(p_.integer_scale));
  a_.fmul(to.s4(), to.s4(), temp_.s4());
}

void PackedReader::mins(unsigned row_vector, unsigned half, const Vec& to) {
  first_level(row_vector, p_.mins_at / scale_bytes(p_) + (p_.n_scales == 2 ? half * kTileRows : 0),
              to);
  if (!p_.has_sub_min) return;
  const std::uint64_t behind = p_.shares_byte ? 0 : p_.sub_mins_at - p_.sub_scales_at;
  sub_level(row_vector * Assembler::kLanes + behind + half * kTileRows, p_.sub_min_low,
            p_.shares_byte != 0, level_);
  a_.fmul(to.s4(), to.s4(), level_.s4());
}

}  // namespace wick::cpu::jit::a64
