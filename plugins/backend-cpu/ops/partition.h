// How a step's work falls to threads, in a form that two steps can compare. Not for work that is
// claimed while it runs (claims.h).
#pragma once

#include <wick/sdk/host.h>

#include <cstdint>

namespace wick::cpu {

struct Range {
  std::uint64_t begin, end;
};

/// Part `thread` of n_threads of n things, in whole multiples of `grain`; the parts of all threads
/// cover them. A single grain falls to thread 0, which is the first at work.
inline Range share(std::uint64_t n, std::uint32_t thread, std::uint32_t n_threads,
                   std::uint64_t grain = 1) noexcept {
  const std::uint64_t grains = (n + grain - 1) / grain;
  const std::uint64_t begin = (grains * thread + n_threads - 1) / n_threads * grain;
  const std::uint64_t end =
      (grains * (thread + std::uint64_t{1}) + n_threads - 1) / n_threads * grain;
  return {begin < n ? begin : n, end < n ? end : n};
}

inline Range share(std::uint64_t n, const sdk::Team& team, std::uint64_t grain = 1) noexcept {
  return share(n, team.thread(), team.n_threads(), grain);
}

/// Columns that stay together where a row is split: quantization works on so many.
inline constexpr std::uint64_t kPieceCols = 256;
/// A wider row is worth a barrier, so that all threads can take pieces of it.
inline constexpr std::uint64_t kWideRow = 4096;

/// Which thread touches which part of a step's values. Where two steps have the same partition, a
/// thread finds there what it left itself: they need no barrier between them.
struct Partition {
  enum class Kind : std::uint8_t {
    kAnyhow,  ///< any thread may touch anything
    kRows,    ///< whole rows
    kPieces,  ///< pieces of kPieceCols columns; every part of a row begins with a new one
  };
  Kind kind = Kind::kAnyhow;
  bool rows_are_outputs = false;
  std::uint64_t n_parts = 0, part_width = 0;  ///< kPieces: a row is so many parts side by side

  static Partition rows(bool rows_are_outputs) noexcept {
    return {Kind::kRows, rows_are_outputs, 0, 0};
  }
  static Partition pieces(bool rows_are_outputs, std::uint64_t n_parts,
                          std::uint64_t part_width) noexcept {
    // Parts of whole pieces might as well be one.
    if (part_width % kPieceCols == 0)
      return {Kind::kPieces, rows_are_outputs, 1, n_parts * part_width};
    return {Kind::kPieces, rows_are_outputs, n_parts, part_width};
  }
};

/// Whether a thread touches the same things under both.
inline bool same_parts(const Partition& a, const Partition& b) noexcept {
  return a.kind == b.kind && a.kind != Partition::Kind::kAnyhow &&
         a.rows_are_outputs == b.rows_are_outputs && a.n_parts == b.n_parts &&
         a.part_width == b.part_width;
}

/// This thread's columns of n_rows rows laid end to end, each `width` wide. Not for kAnyhow.
inline Range share_columns(const Partition& partition, std::uint64_t n_rows, std::uint64_t width,
                           const sdk::Team& team) noexcept {
  if (partition.kind == Partition::Kind::kRows) {
    const Range rows = share(n_rows, team);
    return {rows.begin * width, rows.end * width};
  }
  const std::uint64_t per_part = (partition.part_width + kPieceCols - 1) / kPieceCols;
  const auto column = [&](std::uint64_t piece) {
    const std::uint64_t within = piece % per_part * kPieceCols;
    return piece / per_part * partition.part_width +
           (within < partition.part_width ? within : partition.part_width);
  };
  const Range pieces = share(n_rows * partition.n_parts * per_part, team);
  return {column(pieces.begin), column(pieces.end)};
}

}  // namespace wick::cpu
