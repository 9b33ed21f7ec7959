// See ops/tiles.h, kernels/gemm.cl and kernels/gemm_core.cl.
#include "ops/tiles.h"

namespace wick::opencl {
namespace {
constexpr std::uint32_t kSmallTile = 64, kLargeTile = 128, kTileItems = 256;  // of kernels/gemm.cl
constexpr std::uint32_t kCoreRows = 4, kCoreTokens = 64;  // of kernels/gemm_core.cl

/// Large tiles decode and load less often, small ones are more workgroups.
std::uint32_t tile_of(const Program& program, const Product& product) {
  constexpr std::uint32_t kLocalBytes = 2 * 32 * kLargeTile * sizeof(float), kBusy = 128;
  const std::uint64_t groups =
      groups_of(product.n_out, kLargeTile) * groups_of(program.max_rows(product.y), kLargeTile);
  return program.can().local_bytes > kLocalBytes && groups >= kBusy ? kLargeTile : kSmallTile;
}

Options tile_options(const Product& product, std::uint32_t tile) {
  Options options = packing_options(product.layout->packing);
  options.emplace_back("TILE", tile);
  return options;
}
}  // namespace

TileKernels::TileKernels(Program& program, const Product& product)
    : product_(product),
      is_cpu_(program.can().is_cpu),
      tile_(tile_of(program, product)),
      own_(is_cpu_ ? program.kernel(KernelFile::gemm_core, packing_options(product.layout->packing))
                   : program.kernel(KernelFile::gemm, tile_options(product, tile_))) {}

void TileKernels::run(Launcher& l, std::uint32_t n_rows) const {
  run_own(l, n_rows);
}

void TileKernels::run_own(Launcher& l, std::uint32_t n_rows) const {
  const Product& p = product_;
  const Range range =
      is_cpu_ ? workgroups(groups_of(p.n_out, kCoreRows), 1, groups_of(n_rows, kCoreTokens))
              : workgroups(groups_of(p.n_out, tile_), kTileItems, groups_of(n_rows, tile_));
  l.run(own_, range, p.w, WeightPlace(*p.layout), l.memory(p.x), l.memory(p.y),
        l.optional(p.addend), p.n_in, p.n_out, n_rows);
}

}  // namespace wick::opencl
