// Results do not depend on the walk: a kernel sums whole rows.
#include "jit/matmul.h"

#include <algorithm>
#include <cstring>

namespace wick::cpu::jit {
namespace {

constexpr unsigned kMostGroupUnits = 8;                           // of unrolled code
constexpr std::uint64_t kMostTileBytes = std::uint64_t{1} << 28;  // offsets are 32 bits

/// What an instruction set's emitter takes.
struct Emitter {
  Isa isa;
  std::uint32_t most_tiles, most_rows;  ///< of weights and of activations, in one call
  std::uint32_t most_costly_rows;       ///< of activations, where codes take long to decode
  bool has_split_tables;                ///< tables whose codes lie in two planes
  bool has_sign;  ///< codes of 8 bits and of tables are signed; else without sign, as all others
};
constexpr Emitter kEmitters[] = {
    {Isa::kAvx2, 1, 3, 6, true, true},   {Isa::kAvxVnni, 1, 3, 3, true, false},
    {Isa::kAvx512, 2, 6, 6, true, true}, {Isa::kAvx512Vnni, 2, 6, 6, true, false},
    {Isa::kNeon, 1, 4, 4, false, true},  {Isa::kDotprod, 1, 4, 4, false, true},
    {Isa::kI8mm, 1, 4, 4, false, true},
};

/// An instruction set for many tokens, and the one that serves few beside it.
struct WideEmitter {
  Isa isa, narrow;
};
constexpr WideEmitter kWideEmitters[] = {{Isa::kAmxInt8, Isa::kAvx512Vnni}};
constexpr std::uint32_t kWideTokens[] = {MatmulCodes::kMostWideTokens, 32, kTileTokens};
constexpr std::uint32_t kMostChunkUnits = 16;  // of a wide kernel's block, which lies on its stack

const WideEmitter* wide_emitter_of(Isa isa) noexcept {
  const auto* found = std::find_if(std::begin(kWideEmitters), std::end(kWideEmitters),
                                   [=](const WideEmitter& e) { return e.isa == isa; });
  return found == std::end(kWideEmitters) ? nullptr : found;
}

const Emitter& emitter_of(Isa isa) noexcept {
  const WideEmitter* wide = wide_emitter_of(isa);
  return *std::find_if(std::begin(kEmitters), std::end(kEmitters),
                       [=](const Emitter& e) { return e.isa == (wide ? wide->narrow : isa); });
}

/// Codes of more than 4 bits, and of tables, take long.
std::uint32_t most_rows_of(const Emitter& emitter, const Layout& layout) noexcept {
  const bool is_costly =
      layout.element == Element::kPacked &&
      (layout.has_table || layout.packed.high_bits != 0 || layout.packed.plane_bits == 8);
  return is_costly ? emitter.most_costly_rows : emitter.most_rows;
}

/// What stands for 0 among the codes as they are multiplied.
int zero_of(const Emitter& emitter, const Layout& layout) noexcept {
  if (layout.has_table) return emitter.has_sign ? 0 : 128;
  const bool is_signed = emitter.has_sign && layout.packed.plane_bits == 8;
  return layout.packed.zero_point - (is_signed ? 128 : 0);
}

/// What the emitted kernels cannot do; see x86/code_parts.h.
bool is_emitted(const Emitter& emitter, const Layout& layout) noexcept {
  if (layout.element != Element::kPacked || !layout.is_integer) return false;
  const Packed& p = layout.packed;
  const bool codes_fit = !layout.has_table || (p.plane_bits + p.high_bits <= 4 &&
                                               (p.high_bits == 0 || emitter.has_split_tables));
  const bool offsets_fit = !p.has_min || zero_of(emitter, layout) == 0;
  const bool subs_fit = p.has_sub_scale || !p.has_sub_min;
  return codes_fit && offsets_fit && subs_fit && p.group_values <= kMostGroupUnits * kUnitCols &&
         std::abs(p.zero_point) <= 128 && layout.tile_bytes < kMostTileBytes;
}

/// Codes less their zero point must be bytes, with sign.
bool is_wide(const Layout& layout, const ActivationFormat& input) noexcept {
  const Packed& p = layout.packed;
  const int most = layout.has_table ? 255 : (1 << (p.plane_bits + p.high_bits)) - 1;
  const bool codes_fit =
      input.sums != Sums::kOffset || (most - input.zero_point <= 127 && input.zero_point <= 128);
  return input.n_terms == 1 && p.units_per_chunk <= kMostChunkUnits && codes_fit;
}

ActivationFormat format_of(const Emitter& emitter, const Layout& layout) noexcept {
  const Packed& p = layout.packed;
  ActivationFormat format;
  format.sum_cols = p.halves == 2 ? 16 : kUnitCols;
  const int zero = zero_of(emitter, layout);
  if (p.has_min)
    format.sums = Sums::kMin;
  else if (zero != 0)
    format.sums = Sums::kOffset;
  format.zero_point = zero;
  return format;
}

/// The product of a plain weight, and kInteger for the others.
Product product_of(const Layout& layout) noexcept {
  switch (layout.element) {
    case Element::kF32:
      return Product::kF32;
    case Element::kF16:
      return Product::kF16;
    case Element::kBf16:
      return Product::kBf16;
    default:
      return Product::kInteger;
  }
}

struct Call {
  const MatmulTask& task;
  const MatmulCodes& codes;
  std::uint64_t tile, n_tiles, token;
  unsigned n_tokens;
};

void call(const Call& c, MatmulCode code) noexcept {
  const MatmulTask& task = c.task;
  const auto* x = static_cast<const std::uint8_t*>(task.x) +
                  c.token * c.codes.x_row_bytes * c.codes.input.n_terms;
  const std::uint8_t* weights = task.weights + c.tile * task.tile_bytes;
  const std::uint64_t row = c.tile * kTileRows, rows = c.n_tiles * kTileRows;
  float* y = task.y + c.token * task.y_stride + row;
  if (row + rows <= task.n_rows) return code(weights, x, y, task.y_stride * sizeof(float));
  float cut[MatmulCodes::kMostWideTokens * kTileRows];
  static_assert(MatmulCodes::kMostWideTokens >= 2 * MatmulCodes::kMostTokens);
  code(weights, x, cut, rows * sizeof(float));
  for (unsigned t = 0; t < c.n_tokens; ++t)
    std::memcpy(y + t * task.y_stride, cut + t * rows, (task.n_rows - row) * sizeof(float));
}

struct Tokens {
  std::uint64_t begin, end;
};

/// The tokens that are left over.
Tokens run_wide(const MatmulTask& task, const MatmulCodes& codes, Tokens tokens) noexcept {
  if (codes.wide.empty()) return tokens;
  for (std::uint64_t tile = task.first_tile; tile < task.end_tile; ++tile) {
    std::uint64_t token = tokens.begin;
    for (const MatmulCodes::Wide& wide : codes.wide)
      for (; tokens.end - token >= wide.n_tokens; token += wide.n_tokens)
        call({task, codes, tile, 1, token, wide.n_tokens}, wide.code);
  }
  const std::uint64_t least = codes.wide.back().n_tokens;
  return {tokens.end - (tokens.end - tokens.begin) % least, tokens.end};
}

void run_narrow(const MatmulTask& task, const MatmulCodes& codes, Tokens tokens) noexcept {
  const std::uint64_t n = tokens.end - tokens.begin;
  const bool is_streamed = task.n_tokens <= MatmulCodes::kStreamedTokens;
  const std::uint64_t pair = is_streamed ? codes.streamed_tiles : codes.two_tiles[0] ? 2 : 1;
  const std::uint64_t n_calls = (n + codes.most_tokens - 1) / codes.most_tokens;
  for (std::uint64_t tile = task.first_tile; tile < task.end_tile;) {
    const std::uint64_t n_tiles = std::min(pair, task.end_tile - tile);
    // Calls of nearly equal size: the last would be slow with a token or two.
    for (std::uint64_t i = 0; i < n_calls; ++i) {
      const std::uint64_t from = tokens.begin + n * i / n_calls;
      const std::uint64_t to = tokens.begin + n * (i + 1) / n_calls;
      const auto count = static_cast<unsigned>(to - from);
      call({task, codes, tile, n_tiles, from, count},
           (n_tiles == 2 ? codes.two_tiles : codes.one_tile)[count - 1]);
    }
    tile += n_tiles;
  }
}

bool make_narrow(KernelCache& cache, MatmulKey key, const Emitter& emitter, MatmulCodes& codes) {
  key.isa = emitter.isa;
  codes.most_tokens = most_rows_of(emitter, *key.layout) / key.input.n_terms;
  const Streaming streams = streaming();
  codes.streamed_tiles = std::min(streams.n_tiles, emitter.most_tiles);
  for (unsigned t = 1; t <= codes.most_tokens; ++t) {
    key.prefetch_bytes = t <= MatmulCodes::kStreamedTokens ? streams.prefetch_bytes : 0;
    for (const std::uint32_t tiles : {1u, 2u}) {
      if (tiles > emitter.most_tiles) continue;
      key.shape = {tiles, t};
      MatmulCode& code = (tiles == 1 ? codes.one_tile : codes.two_tiles)[t - 1];
      if (!(code = cache.matmul(key))) return false;
    }
  }
  return true;
}

bool make_wide(KernelCache& cache, MatmulKey key, MatmulCodes& codes) {
  key.isa = cache.isa();
  for (const std::uint32_t n_tokens : kWideTokens) {
    key.shape = {1, n_tokens};
    const MatmulCode code = cache.matmul(key);
    if (!code) return false;
    codes.wide.push_back({n_tokens, code});
  }
  return true;
}

}  // namespace

std::shared_ptr<const MatmulCodes> make_matmul(KernelCache& cache, const Layout& layout,
                                               std::uint32_t n_terms) {
  if (cache.isa() == Isa::kNone) return nullptr;
  const Emitter& emitter = emitter_of(cache.isa());
  const Product product = product_of(layout);
  const bool is_plain = product != Product::kInteger;
  if (!is_plain && !is_emitted(emitter, layout)) return nullptr;
  auto codes = std::make_shared<MatmulCodes>();
  MatmulKey key;
  key.layout = &layout;
  key.product = codes->product = product;
  if (!is_plain) {
    codes->input = format_of(emitter, layout);
    codes->input.n_terms = n_terms;
  }
  key.input = codes->input;
  key.n_units = codes->n_units = layout.padded_cols / kUnitCols;
  key.x_row_bytes = codes->x_row_bytes =
      is_plain ? key.n_units * kUnitCols * sizeof(float) : row_bytes(key.input, key.n_units);
  if (!make_narrow(cache, key, emitter, *codes)) return nullptr;
  const bool has_wide = wide_emitter_of(cache.isa()) && !is_plain && is_wide(layout, key.input);
  if (has_wide && !make_wide(cache, key, *codes)) return nullptr;
  return codes;
}

std::uint64_t block_tokens(const MatmulCodes& codes) noexcept {
  const std::uint64_t n = (std::uint64_t{512} << 10) / (codes.x_row_bytes * codes.input.n_terms);
  if (codes.wide.empty()) return std::max<std::uint64_t>(n, 2 * codes.most_tokens);
  const std::uint64_t most = codes.wide.front().n_tokens;
  return std::max(n / most, std::uint64_t{1}) * most;
}

void run_matmul(const MatmulTask& task) {
  const auto& codes = *static_cast<const MatmulCodes*>(task.code);
  const std::uint64_t block = block_tokens(codes);
  for (std::uint64_t first = 0; first < task.n_tokens; first += block) {
    const Tokens all{first, std::min(first + block, task.n_tokens)};
    const Tokens left = run_wide(task, codes, all);
    if (left.begin < left.end) run_narrow(task, codes, left);
  }
}

}  // namespace wick::cpu::jit
