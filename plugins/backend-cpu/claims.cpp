// See claims.h.
#include "claims.h"

namespace wick::cpu {
namespace {

/// Of a thread's share: few enough to cost nothing, enough that the last one is short.
constexpr std::uint64_t kClaimsPerThread = 12;
/// Less than this is read in the time that a claim and a new stream of memory take.
constexpr std::uint64_t kLeastBytes = 64 << 10;
/// Kernels work on up to so many tiles at once.
constexpr std::uint64_t kTilesTogether = 4;

}  // namespace

Claims::Claims(std::uint32_t n_slots, std::uint32_t n_threads)
    : n_slots_(n_slots),
      n_threads_(n_threads),
      lines_(std::make_unique<Line[]>(std::uint64_t{2} * n_slots * n_threads)) {}

void Claims::start() noexcept {
  for (std::uint32_t thread = 0; thread < n_threads_; ++thread) prepare_next(1, thread);
}

void Claims::prepare_next(std::uint32_t phase, std::uint32_t thread) noexcept {
  for (std::uint32_t slot = 0; slot < n_slots_; ++slot)
    at(phase + 1, slot, thread).store(0, std::memory_order_relaxed);
}

std::uint32_t heads_per_claim(std::uint32_t n_heads, std::uint64_t n_claims,
                              std::uint32_t n_threads) noexcept {
  // Never more claims than threads: a claim of half the heads takes more than half the time, and so
  // two in turn more than one of them all.
  const std::uint64_t n_parts =
      std::clamp<std::uint64_t>(n_threads / std::max<std::uint64_t>(1, n_claims), 1, n_heads);
  return static_cast<std::uint32_t>((n_heads + n_parts - 1) / n_parts);
}

std::uint64_t tiles_per_claim(std::uint64_t n_tiles, std::uint64_t tile_bytes,
                              std::uint32_t n_threads) noexcept {
  const std::uint64_t part = std::max<std::uint64_t>(1, (n_tiles + n_threads - 1) / n_threads);
  const std::uint64_t least =
      (kLeastBytes + tile_bytes - 1) / std::max<std::uint64_t>(1, tile_bytes);
  const std::uint64_t n = std::max(part / kClaimsPerThread, least);
  return std::min(part, (n + kTilesTogether - 1) / kTilesTogether * kTilesTogether);
}

}  // namespace wick::cpu
