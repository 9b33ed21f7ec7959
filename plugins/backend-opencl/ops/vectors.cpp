// Products of few tokens, a team of items a few rows; see kernels/matvec.cl and kernels/dots.cl.
#include "ops/product.h"

#include <algorithm>

namespace wick::opencl {
namespace {
constexpr std::uint64_t kUnitBytes = 40;  // of a rounded unit in local memory: words and steps
constexpr std::uint64_t kRestBytes = 4096;
}  // namespace

VectorKernels::VectorKernels(const Program& program, const Product& product)
    : program_(program),
      product_(product),
      kernels_(std::make_shared<std::map<std::uint32_t, Kernel>>()) {
  // Items of a GPU read units side by side; a core reads a row by itself.
  const bool is_cpu = program.can().is_cpu;
  team_ = is_cpu ? 1 : 32;
  teams_ = is_cpu ? 16 : 8;
  rows_ = is_cpu || product.has_dots ? 1 : 2;
  kernel(1);
}

const Kernel& VectorKernels::kernel(std::uint32_t tokens) const {
  Kernel& kernel = (*kernels_)[tokens];
  if (kernel) return kernel;
  Options options = packing_options(product_.layout->packing);
  options.insert(options.end(), {{"TEAM", team_}, {"ROWS", rows_}, {"TOKENS", tokens}});
  if (product_.has_dots) {
    options.emplace_back("GATED", product_.is_gated);
    options.emplace_back("NORMED", product_.is_normed);
  } else {
    options.emplace_back("EVEN", product_.n_in % kUnit == 0);
    options.emplace_back("EXPERTS", product_.experts_mode);
  }
  kernel = program_.kernel(product_.has_dots ? KernelFile::dots : KernelFile::matvec, options);
  return kernel;
}

std::uint32_t VectorKernels::tokens_at_once(std::uint32_t n_rows) const {
  // A core gains little by more of them, and its compiler takes seconds.
  std::uint32_t tokens = n_rows == 1 ? 1 : program_.can().is_cpu ? 4 : 2;
  while (!program_.can().is_cpu && tokens < n_rows && tokens < kMostVectors) tokens *= 2;
  while (product_.has_dots && tokens > 1 &&
         product_.layout->n_units * kUnitBytes * tokens + kRestBytes > program_.can().local_bytes)
    tokens /= 2;
  return tokens;
}

void VectorKernels::run_dots(Launcher& l, const Range& range, std::uint32_t tokens,
                             std::uint32_t n_rows) const {
  const Product& p = product_;
  const std::size_t units = std::size_t{p.layout->n_units} * tokens;
  l.run(kernel(tokens), range, p.w, p.second, WeightPlace(*p.layout), l.memory(p.x), l.memory(p.y),
        l.optional(p.addend), p.norm, p.n_out, n_rows, p.epsilon, LocalBytes{units * 32},
        LocalBytes{units * 8}, LocalBytes{team_ * teams_ * sizeof(float)});
}

void VectorKernels::run(Launcher& l, std::uint32_t n_rows) const {
  const Product& p = product_;
  const std::uint32_t tokens = p.experts_mode ? 1 : tokens_at_once(n_rows);
  const std::uint64_t columns =
      p.experts_mode ? std::uint64_t{n_rows} * p.n_used : groups_of(n_rows, tokens);
  const Range range{groups_of(p.n_out, std::uint64_t{teams_} * rows_) * team_, columns * teams_,
                    team_, teams_};
  if (p.has_dots) return run_dots(l, range, tokens, n_rows);
  l.run(kernel(tokens), range, p.w, WeightPlace(*p.layout), l.memory(p.x), l.memory(p.y),
        l.optional(p.addend), l.optional(p.routes), p.n_in, p.n_out, n_rows, p.n_used, p.n_experts,
        LocalBytes{team_ * teams_ * sizeof(float)});
}

}  // namespace wick::opencl
