// Results do not depend on the walk: a kernel sums whole rows.
#include "jit/matmul.h"

#include <algorithm>
#include <cstring>

namespace wick::cpu::jit {
namespace {

constexpr unsigned kMostGroupUnits = 8;                           // of unrolled code
constexpr std::uint64_t kMostTileBytes = std::uint64_t{1} << 28;  // offsets are 32 bits

bool is_wide(Isa isa) noexcept {
  return isa == Isa::kAvx512 || isa == Isa::kAvx512Vnni;
}
bool has_dot(Isa isa) noexcept {
  return isa == Isa::kAvxVnni || isa == Isa::kAvx512Vnni;
}

/// What the emitted kernels cannot do; see x86/code_parts.h.
bool is_emitted(Isa isa, const Layout& layout) noexcept {
  if (layout.element != Element::kPacked || !layout.is_integer) return false;
  const Packed& p = layout.packed;
  const bool is_byte = p.plane_bits + p.high_bits == 8;
  const bool codes_fit = layout.has_table ? p.plane_bits + p.high_bits == 4
                                          : has_dot(isa) || !is_byte || p.zero_point == 128;
  const bool offsets_fit = !p.has_min || (!layout.has_table && p.zero_point == 0);
  const bool subs_fit = p.has_sub_scale || !p.has_sub_min;
  return codes_fit && offsets_fit && subs_fit && p.group_values <= kMostGroupUnits * kUnitCols &&
         std::abs(p.zero_point) <= 128 && layout.tile_bytes < kMostTileBytes;
}

ActivationFormat format_of(Isa isa, const Layout& layout) noexcept {
  const Packed& p = layout.packed;
  ActivationFormat format;
  format.sum_cols = p.halves == 2 ? 16 : kUnitCols;
  const bool is_signed = !has_dot(isa) && (layout.has_table || p.plane_bits == 8);
  const int zero = is_signed ? 0 : layout.has_table ? 128 : p.zero_point;
  if (p.has_min)
    format.sums = Sums::kMin;
  else if (zero != 0)
    format.sums = Sums::kOffset;
  format.zero_point = format.sums == Sums::kOffset ? zero : 0;
  return format;
}

/// Tokens whose activations stay in the second-level cache while the weights pass by.
std::uint64_t block_tokens(const MatmulCodes& codes) noexcept {
  const std::uint64_t n = (std::uint64_t{512} << 10) / (codes.x_row_bytes * codes.input.n_terms);
  return std::max<std::uint64_t>(n, 2 * codes.most_tokens);
}

struct Call {
  const MatmulTask& task;
  const MatmulCodes& codes;
  std::uint64_t tile, n_tiles, token;
  unsigned n_tokens;
};

void call(const Call& c) noexcept {
  const MatmulTask& task = c.task;
  const MatmulCode code = (c.n_tiles == 2 ? c.codes.two_tiles : c.codes.one_tile)[c.n_tokens - 1];
  const auto* x = static_cast<const std::uint8_t*>(task.x) + c.token * task.x_stride;
  const std::uint8_t* weights = task.weights + c.tile * task.tile_bytes;
  const std::uint64_t row = c.tile * kTileRows, rows = c.n_tiles * kTileRows;
  float* y = task.y + c.token * task.y_stride + row;
  if (row + rows <= task.n_rows) return code(weights, x, y, task.y_stride * sizeof(float));
  float cut[MatmulCodes::kMostTokens][2 * kTileRows];
  code(weights, x, cut[0], sizeof cut[0]);
  for (unsigned t = 0; t < c.n_tokens; ++t)
    std::memcpy(y + t * task.y_stride, cut[t], (task.n_rows - row) * sizeof(float));
}

}  // namespace

std::shared_ptr<const MatmulCodes> make_matmul(KernelCache& cache, const Layout& layout,
                                               std::uint32_t n_terms) {
  if (!is_emitted(cache.isa(), layout)) return nullptr;
  auto codes = std::make_shared<MatmulCodes>();
  MatmulKey key;
  key.isa = cache.isa();
  key.layout = &layout;
  key.input = codes->input = format_of(cache.isa(), layout);
  key.input.n_terms = codes->input.n_terms = n_terms;
  key.n_units = codes->n_units = layout.padded_cols / kUnitCols;
  key.x_row_bytes = codes->x_row_bytes = row_bytes(key.input, key.n_units);
  codes->most_tokens = (is_wide(cache.isa()) ? 6 : 3) / (n_terms == 1 ? 1 : 2);
  for (unsigned t = 1; t <= codes->most_tokens; ++t) {
    key.shape = {1, t};
    codes->one_tile[t - 1] = cache.matmul(key);
    key.shape = {2, t};
    codes->two_tiles[t - 1] = is_wide(cache.isa()) ? cache.matmul(key) : nullptr;
    if (!codes->one_tile[t - 1] || (is_wide(cache.isa()) && !codes->two_tiles[t - 1]))
      return nullptr;
  }
  return codes;
}

void run_matmul(const MatmulTask& task) {
  const auto& codes = *static_cast<const MatmulCodes*>(task.code);
  const std::uint64_t block = block_tokens(codes);
  const std::uint64_t pair = codes.two_tiles[0] && task.n_tokens > kStreamedTokens ? 2 : 1;
  for (std::uint64_t first = 0; first < task.n_tokens; first += block) {
    const std::uint64_t end = std::min(first + block, task.n_tokens);
    const std::uint64_t n_calls = (end - first + codes.most_tokens - 1) / codes.most_tokens;
    for (std::uint64_t tile = task.first_tile; tile < task.end_tile;) {
      const std::uint64_t n_tiles = std::min(pair, task.end_tile - tile);
      // Calls of nearly equal size: the last would be slow with a token or two.
      for (std::uint64_t i = 0; i < n_calls; ++i) {
        const std::uint64_t from = first + (end - first) * i / n_calls;
        const std::uint64_t to = first + (end - first) * (i + 1) / n_calls;
        call({task, codes, tile, n_tiles, from, static_cast<unsigned>(to - from)});
      }
      tile += n_tiles;
    }
  }
}

}  // namespace wick::cpu::jit
