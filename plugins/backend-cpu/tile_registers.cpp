// The registers are 8 KiB of state for each thread: Linux (5.16 and later) saves them only for
// processes that have asked.
#include "tile_registers.h"

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace wick::cpu {

#if defined(__x86_64__) && defined(__linux__)

namespace {

/// The instructions exist, and the operating system saves shapes and contents of the tiles.
bool has_tiles() noexcept {
  constexpr unsigned kOsSaves = 1u << 27, kTile = 1u << 24, kInt8 = 1u << 25, kBoth = 3u << 17;
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid(1, &a, &b, &c, &d) || (c & kOsSaves) == 0) return false;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (d & kTile) == 0 || (d & kInt8) == 0)
    return false;
  unsigned low = 0, high = 0;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (low & kBoth) == kBoth;
}

bool is_granted() noexcept {
  constexpr long kAskForState = 0x1023,
                 kTileData = 18;  // ARCH_REQ_XCOMP_PERM; headers may be older
  return syscall(SYS_arch_prctl, kAskForState, kTileData) == 0;
}

}  // namespace

bool may_use_tiles() noexcept {
  static const bool may = has_tiles() && is_granted();
  return may;
}

#else

bool may_use_tiles() noexcept {
  return false;
}

#endif

}  // namespace wick::cpu
