// The search built for any CPU, and the choice among the builds.
#include "search/scale_search.h"

#include "search/search_kernels.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace wick::quant {

const ScaleSearch kScaleSearch = &search_blocks;

namespace {

#if defined(__x86_64__)
/// Parts of x86-64-v3 that the compiler's own check has no names for: movbe, f16c, lzcnt.
bool has_unnamed_v3_parts() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid(1, &a, &b, &c, &d) || (~c & (1u << 22 | 1u << 29)) != 0) return false;
  return __get_cpuid(0x80000001u, &a, &b, &c, &d) && (c & 1u << 5) != 0;
}
bool has_v3() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") && has_unnamed_v3_parts();
}
bool has_v4() {
  return has_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
}
#endif

}  // namespace

std::vector<NamedSearch> usable_searches() {
  std::vector<NamedSearch> usable{{"portable", kScaleSearch}};
#if defined(__x86_64__)
  if (has_v3()) usable.push_back({"x86-64-v3", kScaleSearchV3});
  if (has_v4()) usable.push_back({"x86-64-v4", kScaleSearchV4});
#endif
  return usable;
}

ScaleSearch scale_search() {
  static const ScaleSearch fastest = usable_searches().back().search;
  return fastest;
}

}  // namespace wick::quant
