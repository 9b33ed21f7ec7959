// See assembler.h.
#include "jit/x86/assembler.h"

#include <cstring>

namespace wick::cpu::jit::x86 {

Assembler::Assembler(Isa isa) : isa_(isa) {
  code_.attach(raw_);
}

Vec Assembler::vec(unsigned index) const noexcept {
  if (is_wide()) return asm86::zmm(index);
  return asm86::ymm(index);
}

void Assembler::load(const Vec& to, const Mem& from) {
  is_wide() ? raw_.vmovdqu32(to, from) : raw_.vmovdqu(to, from);
}
void Assembler::copy(const Vec& to, const Vec& from) {
  is_wide() ? raw_.vmovdqa32(to, from) : raw_.vmovdqa(to, from);
}
void Assembler::store(const Mem& to, const Vec& from) {
  raw_.vmovups(to, from);
}
void Assembler::clear(const Vec& v) {
  is_wide() ? raw_.vpxord(v, v, v) : raw_.vpxor(v, v, v);
}
void Assembler::bit_and(const Vec& to, const Vec& a, const asmjit::Operand& b) {
  raw_.emit(is_wide() ? asm86::Inst::kIdVpandd : asm86::Inst::kIdVpand, to, a, b);
}
void Assembler::bit_or(const Vec& to, const Vec& a, const Vec& b) {
  is_wide() ? raw_.vpord(to, a, b) : raw_.vpor(to, a, b);
}
void Assembler::bit_xor(const Vec& to, const Vec& a, const asmjit::Operand& b) {
  raw_.emit(is_wide() ? asm86::Inst::kIdVpxord : asm86::Inst::kIdVpxor, to, a, b);
}

void Assembler::shift_words(const Vec& to, const Mem& from, int count) {
  if (count == 0) return load(to, from);
  if (is_wide()) {
    count > 0 ? raw_.vpsllw(to, from, count) : raw_.vpsrlw(to, from, -count);
    return;
  }
  load(to, from);
  count > 0 ? raw_.vpsllw(to, to, count) : raw_.vpsrlw(to, to, -count);
}

void Assembler::repeat(const Vec& to, const Mem& from) {
  raw_.vpbroadcastd(to, from);
}
void Assembler::repeat_float(const Vec& to, const Mem& from) {
  raw_.vbroadcastss(to, from);
}

void Assembler::dot_bytes(const Vec& to, const Vec& codes, const Vec& x) {
  if (is_wide())
    raw_.vpdpbusd(to, codes, x);
  else
    raw_.vex().vpdpbusd(to, codes, x);
}

Mem Assembler::constant(std::uint32_t value) {
  std::vector<std::uint8_t> bytes(this->bytes());
  for (unsigned i = 0; i < lanes(); ++i) std::memcpy(bytes.data() + i * 4, &value, 4);
  return constant_of(std::move(bytes));
}

Mem Assembler::constant_bytes(const std::uint8_t (&from)[16]) {
  std::vector<std::uint8_t> bytes(this->bytes());
  for (unsigned i = 0; i < this->bytes(); ++i) bytes[i] = from[i % 16];
  return constant_of(std::move(bytes));
}

Mem Assembler::constant_line(const std::array<std::uint8_t, 64>& bytes) {
  return constant_of({bytes.begin(), bytes.end()});
}

Mem Assembler::constant_of(std::vector<std::uint8_t> bytes) {
  for (const auto& [held, label] : constants_)
    if (held == bytes) return asm86::ptr(label);
  const asmjit::Label label = raw_.newLabel();
  constants_.emplace_back(std::move(bytes), label);
  return asm86::ptr(label);
}

std::vector<std::uint8_t> Assembler::finish() {
  raw_.align(asmjit::AlignMode::kData, 64);
  for (const auto& [bytes, label] : constants_) {
    raw_.bind(label);
    raw_.embed(bytes.data(), bytes.size());
  }
  return code_.finish();
}

}  // namespace wick::cpu::jit::x86
