// See ops/unpacked.h and kernels/unpack.cl. In floats of 32 bits also where a device multiplies
// f16: CLBlast sums those in f16, which loses more the longer rows are and ends at 65504.
#include "ops/unpacked.h"

#include <algorithm>

#include "clblast.h"

namespace wick::opencl {
namespace {

constexpr std::uint64_t kTileBytes = 32u << 20;
constexpr std::uint64_t kClblastSide = 128;  // of its tiles, as its database has them, at most

constexpr std::uint64_t padded(std::uint64_t n) {
  return groups_of(n, kClblastSide) * kClblastSide;
}

}  // namespace

std::uint32_t unpacked_rows(std::uint64_t n_in, std::uint64_t n_out) noexcept {
  const std::uint64_t most = std::max<std::uint64_t>(kTileBytes / (n_in * sizeof(float)), 1);
  const std::uint64_t side = most >= 2 * kClblastSide ? 2 * kClblastSide : most >= 64 ? 64 : 1;
  return static_cast<std::uint32_t>(std::min(n_out, most / side * side));
}

std::uint64_t clblast_temp_bytes(std::uint64_t n_rows, std::uint64_t n_tokens,
                                 std::uint64_t n_in) noexcept {
  const std::uint64_t m = padded(n_rows), n = padded(n_tokens), k = padded(n_in);
  return (m * k + k * n + m * n) * sizeof(float);
}

UnpackedProduct::UnpackedProduct(Program& program, const Product& product)
    : product_(product),
      tile_rows_(unpacked_rows(product.n_in, product.n_out)),
      temp_bytes_(clblast_temp_bytes(tile_rows_, program.max_rows(product.y), product.n_in)),
      tile_(program.scratch(std::uint64_t{tile_rows_} * product.n_in * sizeof(float))),
      temp_(program.scratch(temp_bytes_)),
      unpack_(program.kernel(KernelFile::unpack, packing_options(product.layout->packing))) {}

void UnpackedProduct::multiply(Launcher& l, std::uint32_t first_row, std::uint32_t n_tile,
                               std::uint32_t n_rows) const {
  const Product& p = product_;
  const Clblast& library = clblast();
  cl_command_queue queue = l.device().queue();
  std::size_t need = 0;
  check_clblast(library.temp_bytes(kClblastColumns, kClblastPlain, kClblastPlain, n_tile, n_rows,
                                   p.n_in, 0, n_tile, 0, p.n_in, first_row, p.n_out, &queue, &need),
                "CLBlastSGemmTempBufferSize", l.device().name());
  l.run_foreign([&](cl_command_queue, cl_event* event) {
    check_clblast(
        library.sgemm(kClblastColumns, kClblastPlain, kClblastPlain, n_tile, n_rows, p.n_in, 1.0f,
                      l.memory(tile_), 0, n_tile, l.memory(p.x), 0, p.n_in,
                      p.addend == WICK_NONE ? 0.0f : 1.0f, l.memory(p.y), first_row, p.n_out,
                      &queue, event, need <= temp_bytes_ ? l.memory(temp_) : nullptr),
        "CLBlastSgemm", l.device().name());
  });
}

void UnpackedProduct::run(Launcher& l, std::uint32_t n_rows) const {
  const Product& p = product_;
  if (p.addend != WICK_NONE)
    l.run_foreign([&](cl_command_queue queue, cl_event* event) {
      const std::size_t n_bytes = std::size_t{n_rows} * p.n_out * sizeof(float);
      l.device().check(api().EnqueueCopyBuffer(queue, l.memory(p.addend), l.memory(p.y), 0, 0,
                                               n_bytes, 0, nullptr, event),
                       "clEnqueueCopyBuffer");
    });
  for (std::uint32_t first = 0; first < p.n_out; first += tile_rows_) {
    const std::uint32_t n_tile = std::min(tile_rows_, p.n_out - first);
    l.run(unpack_, items(n_tile, kThreads, p.layout->n_units), p.w, WeightPlace(*p.layout),
          l.memory(tile_), first, n_tile, p.n_in);
    multiply(l, first, n_tile, n_rows);
  }
}

}  // namespace wick::opencl
