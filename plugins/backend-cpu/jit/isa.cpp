// asmjit's detection asks the CPU and, for wide registers, the operating system.
#include "jit/isa.h"

#ifdef WICK_JIT
#include <asmjit/core.h>
#endif

namespace wick::cpu::jit {

std::string_view name_of(Isa isa) noexcept {
  constexpr std::string_view kNames[] = {"",     "avx2",    "avx-vnni", "avx512", "avx512-vnni",
                                         "neon", "dotprod", "i8mm"};
  return kNames[static_cast<std::size_t>(isa)];
}

std::vector<Isa> usable_isas() {
  std::vector<Isa> all;
#if defined(WICK_JIT) && defined(__x86_64__)
  const auto& x86 = asmjit::CpuInfo::host().features().x86();
  if (!x86.hasAVX2() || !x86.hasFMA() || !x86.hasF16C()) return all;
  all.push_back(Isa::kAvx2);
  if (x86.hasAVX_VNNI()) all.push_back(Isa::kAvxVnni);
  if (!x86.hasAVX512_F() || !x86.hasAVX512_BW() || !x86.hasAVX512_VL() || !x86.hasAVX512_DQ())
    return all;
  all.push_back(Isa::kAvx512);
  if (x86.hasAVX512_VNNI()) all.push_back(Isa::kAvx512Vnni);
#endif
  return all;
}

}  // namespace wick::cpu::jit
