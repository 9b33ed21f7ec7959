// See code_parts.h; the packed layout is described in portable/packed.h.
#include "jit/x86/code_parts.h"

namespace wick::cpu::jit::x86 {
namespace {

unsigned bits_of(const Packed& p) noexcept {
  return p.plane_bits + p.high_bits;
}

/// The same byte four times.
std::uint32_t four(unsigned byte) noexcept {
  return byte * 0x01010101u;
}

unsigned scale_bytes(const Packed& p) noexcept {
  return p.scale_type == WICK_SCALE_F32 ? 4 : p.scale_type == WICK_SCALE_F16 ? 2 : 1;
}

std::uint32_t bits_of_float(float value) noexcept {
  return __builtin_bit_cast(std::uint32_t, value);
}

}  // namespace

Mac mac_of(Isa isa, const Layout& layout) noexcept {
  if (isa == Isa::kAvxVnni || isa == Isa::kAvx512Vnni || isa == Isa::kAmxInt8) return Mac::kDot;
  if (layout.has_table || bits_of(layout.packed) == 8) return Mac::kSigned;
  return bits_of(layout.packed) <= 4 ? Mac::kWords : Mac::kPairs;
}

PackedReader::PackedReader(Assembler& assembler, const MatmulKey& key, const Pointers& at,
                           unsigned free)
    : e_(assembler),
      a_(assembler.raw()),
      layout_(*key.layout),
      p_(key.layout->packed),
      mac_(mac_of(key.isa, *key.layout)),
      at_(at),
      free_(free) {}

void PackedReader::start() {
  if (!e_.is_wide()) return;
  if (p_.plane_bits != 8) e_.load(e_.vec(free_), e_.constant(four((1u << p_.plane_bits) - 1)));
  if (p_.high_bits)
    e_.load(e_.vec(free_ + 1), e_.constant(four(((1u << p_.high_bits) - 1) << p_.plane_bits)));
  if (!layout_.has_table) return;
  std::uint8_t table[16] = {};
  const int offset = mac_ == Mac::kDot ? 128 : 0;
  for (unsigned i = 0; i < 16; ++i)
    table[i] = static_cast<std::uint8_t>(layout_.integers[i] + offset);
  e_.load(e_.vec(free_ + 2), e_.constant_bytes(table));
}

asmjit::Operand PackedReader::low_mask() {
  if (e_.is_wide()) return e_.vec(free_);
  return e_.constant(four((1u << p_.plane_bits) - 1));
}
asmjit::Operand PackedReader::high_mask() {
  if (e_.is_wide()) return e_.vec(free_ + 1);
  return e_.constant(four(((1u << p_.high_bits) - 1) << p_.plane_bits));
}

std::int64_t PackedReader::at(unsigned row_vector, unsigned bytes_per_row) const noexcept {
  const unsigned per_tile = kTileRows / e_.lanes();
  return static_cast<std::int64_t>(row_vector / per_tile * layout_.tile_bytes) +
         row_vector % per_tile * e_.lanes() * bytes_per_row;
}

void PackedReader::low_bits(unsigned row_vector, unsigned unit, unsigned v, const Vec& to) {
  const unsigned per_byte = 8 / p_.plane_bits, shift = v % per_byte * p_.plane_bits;
  const Mem from = asm86::ptr(
      at_.codes,
      static_cast<std::int32_t>(at(row_vector, 4) + unit * p_.unit_bytes + v / per_byte * 64));
  if (p_.plane_bits == 8) return e_.load(to, from);
  if (shift == 0 && e_.is_wide()) return e_.bit_and(to, e_.vec(free_), from);
  e_.shift_words(to, from, -static_cast<int>(shift));
  e_.bit_and(to, to, low_mask());
}

void PackedReader::high_bits(unsigned row_vector, unsigned unit, unsigned v, const Vec& to,
                             const Vec& temp) {
  const unsigned per_byte = 8 / p_.high_bits, shift = v % per_byte * p_.high_bits;
  const Mem from =
      asm86::ptr(at_.codes, static_cast<std::int32_t>(at(row_vector, 4) + unit * p_.unit_bytes +
                                                      64 * p_.plane_bits + v / per_byte * 64));
  e_.shift_words(temp, from, static_cast<int>(p_.plane_bits) - static_cast<int>(shift));
  if (e_.is_wide()) {
    a_.vpternlogd(to, temp, e_.vec(free_ + 1), 0xf8);  // to | (temp & mask)
    return;
  }
  e_.bit_and(temp, temp, high_mask());
  e_.bit_or(to, to, temp);
}

void PackedReader::codes(unsigned row_vector, unsigned unit, unsigned v, const Vec& to,
                         const Vec& temp) {
  low_bits(row_vector, unit, v, to);
  if (p_.high_bits) high_bits(row_vector, unit, v, to, temp);
  if (layout_.has_table) {
    if (e_.is_wide()) {
      a_.vpshufb(to, e_.vec(free_ + 2), to);
      return;
    }
    std::uint8_t table[16];
    const int offset = mac_ == Mac::kDot ? 128 : 0;
    for (unsigned i = 0; i < 16; ++i)
      table[i] = static_cast<std::uint8_t>(layout_.integers[i] + offset);
    e_.load(temp, e_.constant_bytes(table));
    a_.vpshufb(to, temp, to);
  } else if (mac_ == Mac::kSigned) {
    e_.bit_xor(to, to, e_.constant(four(0x80)));  // code - 128
  }
}

void PackedReader::first_level(unsigned row_vector, std::int64_t offset, const Vec& to,
                               const Vec& temp) {
  const unsigned size = p_.scale_type == WICK_SCALE_F32   ? 4
                        : p_.scale_type == WICK_SCALE_F16 ? 2
                                                          : 1;
  const Mem from =
      asm86::ptr(at_.chunk, static_cast<std::int32_t>(at(row_vector, size) + offset * size));
  if (size == 4) return e_.load(to, from);
  if (size == 2) {
    a_.vcvtph2ps(to, from);
    return;
  }
  // 2^(e - 127); e = 0 is a subnormal, 255 is NaN.
  a_.vpmovzxbd(to, from);
  a_.vpaddd(temp, to, e_.constant(1));
  a_.vpslld(to, to, 23);
  a_.vpmaxud(to, to, e_.constant(0x00400000u));
  a_.vpsrld(temp, temp, 8);
  a_.vpslld(temp, temp, 22);
  e_.bit_or(to, to, temp);
}

void PackedReader::sub_level(const Mem& from, std::int32_t low, bool high_nibble, const Vec& to) {
  a_.vpmovzxbd(to, from);
  if (high_nibble)
    a_.vpsrld(to, to, 4);
  else if (p_.shares_byte)
    e_.bit_and(to, to, e_.constant(15));
  if (low != 0) a_.vpaddd(to, to, e_.constant(static_cast<std::uint32_t>(low)));
  a_.vcvtdq2ps(to, to);
}

void PackedReader::scales(unsigned row_vector, unsigned half, const Vec& to, const Vec& temp) {
  const std::int64_t first = p_.n_scales == 2 ? half * kTileRows : 0;
  if (p_.has_sub_scale) {
    first_level(row_vector, first, temp, to);
    sub_level(
        asm86::ptr(at_.sub_scales, static_cast<std::int32_t>(at(row_vector, 1) + half * kTileRows)),
        p_.sub_scale_low, false, to);
    a_.vmulps(to, to, temp);
  } else {
    first_level(row_vector, first, to, temp);
  }
  if (p_.integer_scale != 1.0f) a_.vmulps(to, to, e_.constant(bits_of_float(p_.integer_scale)));
}

void PackedReader::mins(unsigned row_vector, unsigned half, const Vec& to, const Vec& temp) {
  const std::int64_t first =
      p_.mins_at / scale_bytes(p_) + (p_.n_scales == 2 ? half * kTileRows : 0);
  if (!p_.has_sub_min) return first_level(row_vector, first, to, temp);
  first_level(row_vector, first, temp, to);
  const std::int64_t behind = p_.shares_byte ? 0 : p_.sub_mins_at - p_.sub_scales_at;
  sub_level(asm86::ptr(at_.sub_scales,
                       static_cast<std::int32_t>(at(row_vector, 1) + behind + half * kTileRows)),
            p_.sub_min_low, p_.shares_byte != 0, to);
  a_.vmulps(to, to, temp);
}

void PackedReader::prefetch(unsigned tile, unsigned unit, unsigned distance) {
  for (unsigned line = 0; line < p_.unit_bytes; line += 64)
    a_.prefetcht0(
        asm86::ptr(at_.codes, static_cast<std::int32_t>(tile * layout_.tile_bytes +
                                                        unit * p_.unit_bytes + line + distance)));
}

}  // namespace wick::cpu::jit::x86
