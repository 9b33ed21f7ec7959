// On x86 asmjit's detection asks the CPU and, for wide registers, the operating system; on Arm the
// operating system alone is asked.
#include "jit/isa.h"

#include "tile_registers.h"

#ifdef WICK_JIT
#include <asmjit/core.h>
#endif
#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace wick::cpu::jit {

std::string_view name_of(Isa isa) noexcept {
  constexpr std::string_view kNames[] = {"",         "avx2", "avx-vnni", "avx512", "avx512-vnni",
                                         "amx-int8", "neon", "dotprod",  "i8mm"};
  return kNames[static_cast<std::size_t>(isa)];
}

namespace {

#if defined(__x86_64__)
/// Where the CPU says so in a leaf that asmjit of 2022 does not read on all CPUs. The registers are
/// those of AVX2.
[[maybe_unused]] bool has_avx_vnni() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & 1u << 4) != 0;
}
#endif

}  // namespace

// Measured, see docs/cpu-kernels.md. Zen 5: with one stream, at 2048 bytes decode read at 77 % of
// the rate of plain loads, at 8192 at 92 %, from 12288 on at all of it; two streams at 2048 bytes,
// 68 %. An Intel Xeon with AMX: its prefetchers follow several streams and lose one that is asked
// for too far ahead: one stream at 12288 bytes 57 %, at 2048 69 %; two at 2048 78 %.
Streaming streaming() noexcept {
#if defined(WICK_JIT) && defined(__x86_64__)
  if (asmjit::CpuInfo::host().isVendor("INTEL")) return {2, 2048};
#endif
  return {1, 12288};
}

std::vector<Isa> usable_isas() {
  std::vector<Isa> all;
#if defined(WICK_JIT) && defined(__x86_64__)
  const auto& x86 = asmjit::CpuInfo::host().features().x86();
  if (!x86.hasAVX2() || !x86.hasFMA() || !x86.hasF16C()) return all;
  all.push_back(Isa::kAvx2);
  if (has_avx_vnni()) all.push_back(Isa::kAvxVnni);
  if (!x86.hasAVX512_F() || !x86.hasAVX512_BW() || !x86.hasAVX512_VL() || !x86.hasAVX512_DQ())
    return all;
  all.push_back(Isa::kAvx512);
  if (!x86.hasAVX512_VNNI()) return all;
  all.push_back(Isa::kAvx512Vnni);
  if (may_use_tiles()) all.push_back(Isa::kAmxInt8);
#elif defined(WICK_JIT) && defined(__aarch64__) && defined(__linux__)
  if ((getauxval(AT_HWCAP) & HWCAP_ASIMD) == 0) return all;
  all.push_back(Isa::kNeon);
  if ((getauxval(AT_HWCAP) & HWCAP_ASIMDDP) == 0) return all;
  all.push_back(Isa::kDotprod);
  if ((getauxval(AT_HWCAP2) & HWCAP2_I8MM) != 0) all.push_back(Isa::kI8mm);
#endif
  return all;
}

}  // namespace wick::cpu::jit
