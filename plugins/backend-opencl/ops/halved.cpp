// See ops/halved.h, kernels/halve_weights.cl, halve_input.cl and sum_chunks.cl. The kernels need no
// cl_khr_fp16 themselves: only CLBlast computes with halves.
#include "ops/halved.h"

#include <algorithm>

#include "clblast.h"

namespace wick::opencl {
namespace {

constexpr std::uint64_t kTileBytes = 32u << 20, kHalf = 2, kUnitColumns = 32,
                        kAbout = 2 * sizeof(float);
constexpr std::uint64_t kSide = 128;  // of CLBlast's tiles, as its database has them, at most
/// Of normal values, f16 sums over as many columns are off by 0.4 of what inputs rounded to 8 bits
/// cause.
constexpr std::uint64_t kMostColumns = 256;

constexpr std::uint64_t padded(std::uint64_t n, std::uint64_t side = kSide) {
  return groups_of(n, side) * side;
}

Options chunk_options(const Halving& halving, Options options) {
  options.emplace_back("CHUNK", halving.chunk);
  return options;
}

}  // namespace

Halving halving_of(std::uint64_t n_in, std::uint64_t n_out, std::uint64_t n_tokens) noexcept {
  const auto as = [](std::uint64_t n) { return static_cast<std::uint32_t>(n); };
  Halving h{};
  h.n_chunks = as(groups_of(n_in, kMostColumns));
  h.chunk = as(padded(groups_of(n_in, h.n_chunks), kUnitColumns));
  h.padded_tokens = as(padded(n_tokens));
  const std::uint64_t a_row = std::max(h.columns(), std::uint64_t{h.n_chunks} * h.padded_tokens);
  const std::uint64_t most = std::max(kTileBytes / (a_row * kHalf) / kSide * kSide, kSide);
  h.tile_rows = as(std::min(most, padded(n_out)));
  return h;
}

HalvedProduct::HalvedProduct(Program& program, const Product& product)
    : product_(product),
      halving_(halving_of(product.n_in, product.n_out, program.max_rows(product.y))),
      weights_(program.scratch(halving_.columns() * halving_.tile_rows * kHalf)),
      inputs_(program.scratch(halving_.columns() * halving_.padded_tokens * kHalf)),
      parts_(program.scratch(std::uint64_t{halving_.n_chunks} * halving_.padded_tokens *
                             halving_.tile_rows * kHalf)),
      of_rows_(program.scratch(std::uint64_t{halving_.n_chunks} * halving_.tile_rows * kAbout)),
      of_tokens_(
          program.scratch(std::uint64_t{halving_.n_chunks} * halving_.padded_tokens * kAbout)),
      halve_input_(program.kernel(KernelFile::halve_input, chunk_options(halving_, {}))),
      halve_weights_(
          program.kernel(KernelFile::halve_weights,
                         chunk_options(halving_, packing_options(product.layout->packing)))),
      sum_chunks_(program.kernel(KernelFile::sum_chunks, {})) {}

void HalvedProduct::multiply(Launcher& l, std::uint32_t padded_tokens) const {
  const Halving& h = halving_;
  cl_command_queue queue = l.device().queue();
  constexpr ClblastHalf kOne = 0x3C00, kZero = 0;
  l.run_foreign([&](cl_command_queue, cl_event* event) {
    check_clblast(clblast().hgemm_batched(
                      kClblastColumns, kClblastPlain, kClblastTurned, h.tile_rows, padded_tokens,
                      h.chunk, kOne, l.memory(weights_), 0, h.tile_rows,
                      std::size_t{h.chunk} * h.tile_rows, l.memory(inputs_), 0, padded_tokens,
                      std::size_t{h.chunk} * padded_tokens, kZero, l.memory(parts_), 0, h.tile_rows,
                      std::size_t{h.tile_rows} * padded_tokens, h.n_chunks, &queue, event),
                  "CLBlastHgemmStridedBatched", l.device().name());
  });
}

void HalvedProduct::run(Launcher& l, std::uint32_t n_rows) const {
  const Product& p = product_;
  const Halving& h = halving_;
  const auto padded_tokens = static_cast<std::uint32_t>(padded(n_rows));
  l.run(halve_input_, items(n_rows, kThreads, h.n_chunks), l.memory(p.x), l.memory(inputs_),
        l.memory(of_tokens_), p.n_in, n_rows, padded_tokens);
  for (std::uint32_t first = 0; first < p.n_out; first += h.tile_rows) {
    const std::uint32_t n_tile = std::min(h.tile_rows, p.n_out - first);
    l.run(halve_weights_, items(n_tile, kThreads, h.n_chunks), p.w, WeightPlace(*p.layout),
          l.memory(weights_), l.memory(of_rows_), first, n_tile, h.tile_rows, p.n_in);
    multiply(l, padded_tokens);
    l.run(sum_chunks_, items(n_tile, kThreads, n_rows), l.memory(parts_), l.memory(of_rows_),
          l.memory(of_tokens_), l.optional(p.addend), l.memory(p.y), h.n_chunks, first, n_tile,
          h.tile_rows, padded_tokens, p.n_out);
  }
}

}  // namespace wick::opencl
