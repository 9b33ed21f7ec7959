// In assembly: what is measured is the machine and not what a compiler makes of a loop, in every
// build; and nothing outside these loops can come to use wide instructions.
#include "mac_loops.h"

#include <initializer_list>

#include "tile_registers.h"

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace wick::cpu {
namespace {

// Sums in registers 0 to 11, each independent of the others: more than any latency needs. 14 and 15
// hold the factors, 13 is free.
#define WICK_TWELVE(of)                                                                    \
  of("0") of("1") of("2") of("3") of("4") of("5") of("6") of("7") of("8") of("9") of("10") \
      of("1"                                                                               \
         "1")
constexpr std::uint64_t kSums = 12;

/// 1.0 as a 16-bit and as a 32-bit float, bf16 and all but; as integers, anything.
[[maybe_unused]] alignas(64) constexpr std::uint32_t kFactors[16] = {
    0x3f803f80, 0x3f803f80, 0x3f803f80, 0x3f803f80, 0x3f803f80, 0x3f803f80, 0x3f803f80, 0x3f803f80,
    0x3f803f80, 0x3f803f80, 0x3f803f80, 0x3f803f80, 0x3f803f80, 0x3f803f80, 0x3f803f80, 0x3f803f80};

/// The first that runs here; counts of multiply-adds are of one register up to now.
MacLoop first_of(std::initializer_list<MacLoop> loops) {
  for (MacLoop loop : loops) {
    if (!loop.runs) continue;
    loop.macs_per_round *= kSums;
    return loop;
  }
  return {};
}

#if defined(__x86_64__)

/// What ldtilecfg reads: palette 1, bytes of a row of 8 tiles from byte 16, rows from byte 48.
alignas(64) constexpr std::uint8_t kTileShapes[64] = {
    1,  0, 0,  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 0, 64, 0, 64, 0,  64, 0,  64, 0,  64, 0,
    64, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  0, 0,  0, 16, 16, 16, 16, 16, 16, 16, 16};

#define WICK_MAC_LOOP(name, clear, load, step, leave)                                              \
  void name(std::uint64_t n_rounds) noexcept {                                                     \
    asm volatile(WICK_TWELVE(clear) load                                                           \
                 ".p2align 5\n1:\n" WICK_TWELVE(step) "dec %0\njnz 1b\n" leave                     \
                 : "+r"(n_rounds)                                                                  \
                 : "r"(kFactors)                                                                   \
                 : "cc", "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", \
                   "xmm8", "xmm9", "xmm10", "xmm11", "xmm13", "xmm14", "xmm15");                   \
  }
#define WICK_LOOP_SSE(name, step)         \
  WICK_MAC_LOOP(name, WICK_CLEAR_SSE,     \
                "movaps (%1), %%xmm14\n"  \
                "movaps (%1), %%xmm15\n", \
                step, "")
#define WICK_LOOP_YMM(name, step)          \
  WICK_MAC_LOOP(name, WICK_CLEAR_AVX,      \
                "vmovaps (%1), %%ymm14\n"  \
                "vmovaps (%1), %%ymm15\n", \
                step, "vzeroupper\n")
#define WICK_LOOP_ZMM(name, step)          \
  WICK_MAC_LOOP(name, WICK_CLEAR_AVX,      \
                "vmovaps (%1), %%zmm14\n"  \
                "vmovaps (%1), %%zmm15\n", \
                step, "vzeroupper\n")
#define WICK_CLEAR_SSE(r) "xorps %%xmm" r ", %%xmm" r "\n"
#define WICK_CLEAR_AVX(r) "vxorps %%xmm" r ", %%xmm" r ", %%xmm" r "\n"

#define WICK_PMADDWD(r) \
  "movdqa %%xmm14, %%xmm13\npmaddwd %%xmm15, %%xmm13\npaddd %%xmm13, %%xmm" r "\n"
#define WICK_MULPS(r) "movaps %%xmm14, %%xmm13\nmulps %%xmm15, %%xmm13\naddps %%xmm13, %%xmm" r "\n"
#define WICK_MADDUBS_YMM(r) \
  "vpmaddubsw %%ymm14, %%ymm15, %%ymm13\nvpaddw %%ymm13, %%ymm" r ", %%ymm" r "\n"
#define WICK_MADDUBS_ZMM(r) \
  "vpmaddubsw %%zmm14, %%zmm15, %%zmm13\nvpaddw %%zmm13, %%zmm" r ", %%zmm" r "\n"
#define WICK_DPBUSD_YMM(r) "%{vex%} vpdpbusd %%ymm14, %%ymm15, %%ymm" r "\n"
#define WICK_DPBUSD_ZMM(r) "vpdpbusd %%zmm14, %%zmm15, %%zmm" r "\n"
#define WICK_DPBF16_ZMM(r) "vdpbf16ps %%zmm14, %%zmm15, %%zmm" r "\n"
#define WICK_FMAPH_ZMM(r) "vfmadd231ph %%zmm14, %%zmm15, %%zmm" r "\n"
#define WICK_FMAPS_YMM(r) "vfmadd231ps %%ymm14, %%ymm15, %%ymm" r "\n"
#define WICK_FMAPS_ZMM(r) "vfmadd231ps %%zmm14, %%zmm15, %%zmm" r "\n"

WICK_LOOP_SSE(int8_sse2, WICK_PMADDWD)
WICK_LOOP_SSE(f32_sse2, WICK_MULPS)
WICK_LOOP_YMM(int8_avx2, WICK_MADDUBS_YMM)
WICK_LOOP_YMM(int8_avx_vnni, WICK_DPBUSD_YMM)
WICK_LOOP_YMM(f32_avx2, WICK_FMAPS_YMM)
WICK_LOOP_ZMM(int8_avx512, WICK_MADDUBS_ZMM)
WICK_LOOP_ZMM(int8_avx512_vnni, WICK_DPBUSD_ZMM)
WICK_LOOP_ZMM(bf16_avx512, WICK_DPBF16_ZMM)
WICK_LOOP_ZMM(f16_avx512, WICK_FMAPH_ZMM)
WICK_LOOP_ZMM(f32_avx512, WICK_FMAPS_ZMM)

/// Sums in tiles 0 to 5, twice in a round; 6 and 7 hold the factors. All are of 16 rows of 64
/// bytes.
void int8_amx(std::uint64_t n_rounds) noexcept {
#define WICK_SIX(of) of("0") of("1") of("2") of("3") of("4") of("5")
#define WICK_CLEAR_TILE(r) "tilezero %%tmm" r "\n"
#define WICK_DPBSSD_TILE(r) "tdpbssd %%tmm7, %%tmm6, %%tmm" r "\n"
  constexpr std::uint64_t kSameRow = 0;
  asm volatile("ldtilecfg (%2)\n" WICK_SIX(WICK_CLEAR_TILE)  //
               "tileloadd (%1, %3), %%tmm6\n"
               "tileloadd (%1, %3), %%tmm7\n"
               ".p2align 5\n1:\n"                                     //
               WICK_SIX(WICK_DPBSSD_TILE) WICK_SIX(WICK_DPBSSD_TILE)  //
               "dec %0\njnz 1b\ntilerelease\n"
               : "+r"(n_rounds)
               : "r"(kFactors), "r"(kTileShapes), "r"(kSameRow)
               : "cc", "memory");
}

/// What the machine has and the operating system saves the registers of.
struct Instructions {
  bool avx2 = false, avx_vnni = false, avx512 = false, avx512_vnni = false, avx512_bf16 = false,
       avx512_fp16 = false, amx_int8 = false;
};

Instructions of_machine() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  Instructions has;
  has.avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  has.avx512 = has.avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
  has.avx512_vnni = has.avx512 && __builtin_cpu_supports("avx512vnni");
  has.amx_int8 = has.avx512_vnni && may_use_tiles();
  // Compilers have no names for the rest yet.
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) has.avx512_fp16 = has.avx512 && (d >> 23 & 1) != 0;
  if (__get_cpuid_count(7, 1, &a, &b, &c, &d)) {
    has.avx_vnni = has.avx2 && (a >> 4 & 1) != 0;
    has.avx512_bf16 = has.avx512 && (a >> 5 & 1) != 0;
  }
  return has;
}

/// What the option "isa" leaves of it. Names that hold all there is change nothing.
Instructions of_option(std::string_view isa) {
  Instructions has = of_machine();
  if (isa == "x86-64") return {};
  const bool tiles = isa.empty() || isa == "amx-int8";
  const bool wide = tiles || isa == "x86-64-v4" || isa.substr(0, 6) == "avx512";
  if (!tiles) has.amx_int8 = false;
  if (!wide) has.avx512 = has.avx512_vnni = has.avx512_bf16 = has.avx512_fp16 = false;
  if (isa == "x86-64-v4" || isa == "avx512")
    has.avx512_vnni = has.avx512_bf16 = has.avx512_fp16 = false;
  if (isa == "x86-64-v3" || isa == "avx2" || isa == "x86-64-v4" || isa == "avx512")
    has.avx_vnni = false;
  return has;
}

void add_loops(LimitLoops& loops, std::string_view isa) {
  const Instructions has = of_option(isa);
  loops.int8 = first_of({{"tdpbssd tmm", has.amx_int8, 16 * 16 * 64, &int8_amx},
                         {"vpdpbusd zmm", has.avx512_vnni, 64, &int8_avx512_vnni},
                         {"vpmaddubsw zmm", has.avx512, 64, &int8_avx512},
                         {"vpdpbusd ymm", has.avx_vnni, 32, &int8_avx_vnni},
                         {"vpmaddubsw ymm", has.avx2, 32, &int8_avx2},
                         {"pmaddwd xmm", true, 8, &int8_sse2}});
  loops.f16 = first_of({{"vfmadd231ph zmm", has.avx512_fp16, 32, &f16_avx512}});
  loops.bf16 = first_of({{"vdpbf16ps zmm", has.avx512_bf16, 32, &bf16_avx512}});
  loops.f32 = first_of({{"vfmadd231ps zmm", has.avx512, 16, &f32_avx512},
                        {"vfmadd231ps ymm", has.avx2, 8, &f32_avx2},
                        {"mulps xmm", true, 4, &f32_sse2}});
}

#elif defined(__aarch64__) && defined(__linux__)

#define WICK_MAC_LOOP(name, step)                                                             \
  void name(std::uint64_t n_rounds) noexcept {                                                \
    asm volatile(                                                                             \
        WICK_TWELVE(WICK_CLEAR) "ldr q14, [%1]\nldr q15, [%1]\n.p2align 5\n1:\n" WICK_TWELVE( \
            step) "subs %0, %0, #1\nb.ne 1b\n"                                                \
        : "+r"(n_rounds)                                                                      \
        : "r"(kFactors)                                                                       \
        : "cc", "memory", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10",  \
          "v11", "v13", "v14", "v15");                                                        \
  }
#define WICK_CLEAR(r) "movi v" r ".2d, #0\n"
#define WICK_SMLAL(r) "smlal v" r ".4s, v14.4h, v15.4h\nsmlal2 v" r ".4s, v14.8h, v15.8h\n"
#define WICK_FMLA_4S(r) "fmla v" r ".4s, v14.4s, v15.4s\n"
// By number: assemblers take these names only where the whole file is for such a processor.
#define WICK_SDOT(r) ".inst 0x4e8f95c0 + " r "\n"     // sdot   v<r>.4s, v14.16b, v15.16b
#define WICK_SMMLA(r) ".inst 0x4e8fa5c0 + " r "\n"    // smmla  v<r>.4s, v14.16b, v15.16b
#define WICK_FMLA_8H(r) ".inst 0x4e4f0dc0 + " r "\n"  // fmla   v<r>.8h, v14.8h, v15.8h
#define WICK_BFMMLA(r) ".inst 0x6e4fedc0 + " r "\n"   // bfmmla v<r>.4s, v14.8h, v15.8h

WICK_MAC_LOOP(int8_neon, WICK_SMLAL)
WICK_MAC_LOOP(int8_dotprod, WICK_SDOT)
WICK_MAC_LOOP(int8_i8mm, WICK_SMMLA)
WICK_MAC_LOOP(f16_neon, WICK_FMLA_8H)
WICK_MAC_LOOP(bf16_neon, WICK_BFMMLA)
WICK_MAC_LOOP(f32_neon, WICK_FMLA_4S)

void add_loops(LimitLoops& loops, std::string_view isa) {
  const bool all = isa.empty(), dot = all || isa == "dotprod" || isa == "i8mm";
  const unsigned long one = getauxval(AT_HWCAP), two = getauxval(AT_HWCAP2);
  loops.int8 =
      first_of({{"smmla", (all || isa == "i8mm") && (two & HWCAP2_I8MM) != 0, 32, &int8_i8mm},
                {"sdot", dot && (one & HWCAP_ASIMDDP) != 0, 16, &int8_dotprod},
                {"smlal", true, 8, &int8_neon}});
  loops.f16 = first_of({{"fmla 8h", all && (one & HWCAP_ASIMDHP) != 0, 8, &f16_neon}});
  loops.bf16 = first_of({{"bfmmla", all && (two & HWCAP2_BF16) != 0, 16, &bf16_neon}});
  loops.f32 = first_of({{"fmla 4s", true, 4, &f32_neon}});
}

#else

/// One round of a compiler's own loop; the values go through memory, lest it be computed once.
template <class Value, class Sum>
void plain(std::uint64_t n_rounds) noexcept {
  Value a[kSums] = {}, b[kSums] = {};
  Sum sums[kSums] = {};
  for (; n_rounds > 0; --n_rounds) {
    asm volatile("" : "+m"(a), "+m"(b));
    for (std::uint64_t i = 0; i < kSums; ++i)
      sums[i] += static_cast<Sum>(a[i]) * static_cast<Sum>(b[i]);
  }
  asm volatile("" : : "m"(sums));
}

void add_loops(LimitLoops& loops, std::string_view) {
  loops.int8 = first_of({{"portable", true, 1, &plain<std::int8_t, std::int32_t>}});
  loops.f32 = first_of({{"portable", true, 1, &plain<float, float>}});
}

#endif

}  // namespace

LimitLoops limit_loops(std::string_view isa) {
  LimitLoops loops;
  add_loops(loops, isa);
  return loops;
}

std::string LimitLoops::description() const {
  std::string text;
  for (const MacLoop* loop : {&int8, &f16, &bf16, &f32})
    if (loop->run) text += (text.empty() ? "" : ", ") + std::string(loop->name);
  return text;
}

// Every line is touched once and asked for some lines ahead: wider reads are no faster, and a
// processor's own prefetching alone is slower where one thread reads.
void read_bytes(const std::uint8_t* begin, std::uint64_t n_bytes) noexcept {
  constexpr std::uint64_t kLine = 64, kAhead = 32 * kLine;
  for (const std::uint8_t* end = begin + n_bytes; begin != end; begin += kReadStep)
    for (std::uint64_t at = 0; at < kReadStep; at += kLine) {
      __builtin_prefetch(begin + at + kAhead);
      asm volatile("" : : "r"(*reinterpret_cast<const volatile std::uint8_t*>(begin + at)));
    }
}

}  // namespace wick::cpu
