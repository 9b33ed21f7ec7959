// See assembler.h.
#include "jit/a64/assembler.h"

#include <cstring>

namespace wick::cpu::jit::a64 {
namespace {

constexpr Gp kTemp = asm64::x17;

}  // namespace

Assembler::Assembler() {
  code_.attach(raw_);
}

void Assembler::enter() {
  raw_.stp(asm64::v8.d(), asm64::v9.d(), asm64::ptr_pre(asm64::sp, -64));
  raw_.stp(asm64::v10.d(), asm64::v11.d(), asm64::ptr(asm64::sp, 16));
  raw_.stp(asm64::v12.d(), asm64::v13.d(), asm64::ptr(asm64::sp, 32));
  raw_.stp(asm64::v14.d(), asm64::v15.d(), asm64::ptr(asm64::sp, 48));
}

void Assembler::leave() {
  raw_.ldp(asm64::v10.d(), asm64::v11.d(), asm64::ptr(asm64::sp, 16));
  raw_.ldp(asm64::v12.d(), asm64::v13.d(), asm64::ptr(asm64::sp, 32));
  raw_.ldp(asm64::v14.d(), asm64::v15.d(), asm64::ptr(asm64::sp, 48));
  raw_.ldp(asm64::v8.d(), asm64::v9.d(), asm64::ptr_post(asm64::sp, 64));
  raw_.ret(asm64::x30);
}

void Assembler::advance(const Gp& to, std::uint64_t bytes) {
  if (bytes == 0) return;
  if (bytes < 4096) {
    raw_.add(to, to, bytes);
    return;
  }
  raw_.mov(kTemp, bytes);
  raw_.add(to, to, kTemp);
}

void Assembler::load(const Vec& to, const Gp& base, std::uint64_t offset, unsigned bytes) {
  Mem from = asm64::ptr(base, static_cast<std::int32_t>(offset));
  if (offset % bytes != 0 || offset / bytes >= 4096) {
    raw_.mov(kTemp, offset);
    from = asm64::ptr(base, kTemp);
  }
  if (bytes == 4)
    raw_.ldr(to.s(), from);
  else if (bytes == 8)
    raw_.ldr(to.d(), from);
  else
    raw_.ldr(to, from);
}

/// prfm pldl1keep, which asmjit of 2022 does not know.
void Assembler::prefetch(const Gp& base, std::uint32_t offset) {
  constexpr std::uint32_t kPrefetch = 0xf9800000u;
  raw_.embedUInt32(kPrefetch | offset / 8 << 10 | base.id() << 5);
}

void Assembler::clear(const Vec& v) {
  raw_.movi(v.s4(), 0);
}

void Assembler::repeat(const Vec& to, std::uint32_t value) {
  raw_.mov(kTemp, std::uint64_t{value});
  raw_.dup(to.s4(), kTemp.w());
}

void Assembler::fill(const Vec& to, const std::uint8_t (&bytes)[16]) {
  for (unsigned half = 0; half < 2; ++half) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes + half * 8, sizeof value);
    raw_.mov(kTemp, value);
    raw_.ins(to.d(half), kTemp);
  }
}

std::vector<std::uint8_t> Assembler::finish() {
  return code_.finish();
}

}  // namespace wick::cpu::jit::a64
