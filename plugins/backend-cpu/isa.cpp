// Detection by CPUID; the compiler's own check knows whether the operating system saves the wide
// registers.
#include "isa.h"

#include <algorithm>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace wick::cpu {
namespace {

#if defined(__x86_64__)
constexpr std::string_view kPortableName = "x86-64";

/// What x86-64-v3 holds and the compiler's check has no name for.
bool has_small_v3_parts() {
  constexpr unsigned kMovbe = 1u << 22, kF16c = 1u << 29, kLzcnt = 1u << 5;
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid(1, &a, &b, &c, &d) || (c & kMovbe) == 0 || (c & kF16c) == 0) return false;
  return __get_cpuid(0x80000001u, &a, &b, &c, &d) && (c & kLzcnt) != 0;
}

bool has_v3() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") && has_small_v3_parts();
}

bool has_v4() {
  return has_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
}

/// Where attention in bf16 stands among others: on an Intel Xeon its products run at half the rate
/// of those in f32, on a Zen at up to twice that rate (docs/cpu-kernels.md).
void put_bf16(std::vector<Kernels>& all) {
  const auto vnni = std::find_if(all.begin(), all.end(), [](const Kernels& kernels) {
    return kernels.emits == jit::Isa::kAvx512Vnni;
  });
  if (vnni == all.end() || !__builtin_cpu_supports("avx512bf16")) return;
  Kernels bf16 = *vnni;
  bf16.name = "avx512-bf16";
  bf16.attention = &kAttentionKernelsBf16;
  all.insert(__builtin_cpu_is("intel") ? vnni : vnni + 1, bf16);
}
#elif defined(__aarch64__)
constexpr std::string_view kPortableName = "aarch64";
#else
constexpr std::string_view kPortableName = "portable";
#endif

/// The portable build for a CPU that has the instruction set.
Isa build_for(jit::Isa emits) {
  if (emits >= jit::Isa::kNeon) return Isa::kPortable;
  return emits >= jit::Isa::kAvx512 ? Isa::kV4 : Isa::kV3;
}

}  // namespace

std::vector<Kernels> usable_kernels() {
  std::vector<Kernels> all{
      {Isa::kPortable, kPortableName, &kMatmulKernels, &kElementwiseKernels, &kAttentionKernels}};
#if defined(__x86_64__)
  if (has_v3())
    all.push_back(
        {Isa::kV3, "x86-64-v3", &kMatmulKernelsV3, &kElementwiseKernelsV3, &kAttentionKernelsV3});
  if (has_v4())
    all.push_back(
        {Isa::kV4, "x86-64-v4", &kMatmulKernelsV4, &kElementwiseKernelsV4, &kAttentionKernelsV4});
#endif
  // Emitted products, with the portable build that runs wherever their instruction set does.
  const std::vector<Kernels> portable = all;
  for (const jit::Isa emits : jit::usable_isas()) {
    const Isa needed = build_for(emits);
    for (Kernels kernels : portable) {
      if (kernels.isa != needed) continue;
      kernels.emits = emits;
      kernels.name = jit::name_of(emits);
      all.push_back(kernels);
    }
  }
#if defined(__x86_64__)
  put_bf16(all);
#endif
  return all;
}

}  // namespace wick::cpu
