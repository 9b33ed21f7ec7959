// See ops/tiles.h, kernels/gemm.cl and kernels/gemm_core.cl.
#include "ops/tiles.h"

namespace wick::opencl {
namespace {
constexpr std::uint32_t kTile = 64, kTileItems = 256;  // of kernels/gemm.cl
constexpr std::uint32_t kCoreRows = 4;                 // of kernels/gemm_core.cl
}  // namespace

TileKernels::TileKernels(Program& program, const Product& product)
    : product_(product),
      is_cpu_(program.can().is_cpu),
      own_(program.kernel(is_cpu_ ? KernelFile::gemm_core : KernelFile::gemm,
                          packing_options(product.layout->packing))) {}

void TileKernels::run(Launcher& l, std::uint32_t n_rows) const {
  run_own(l, n_rows);
}

void TileKernels::run_own(Launcher& l, std::uint32_t n_rows) const {
  const Product& p = product_;
  const std::uint64_t by_tokens = groups_of(n_rows, kTile);
  const Range range = is_cpu_ ? workgroups(groups_of(p.n_out, kCoreRows), 1, by_tokens)
                              : workgroups(groups_of(p.n_out, kTile), kTileItems, by_tokens);
  l.run(own_, range, p.w, WeightPlace(*p.layout), l.memory(p.x), l.memory(p.y),
        l.optional(p.addend), p.n_in, p.n_out, n_rows);
}

}  // namespace wick::opencl
