// Products of few tokens, a team of items a few rows; see kernels/matvec.cl and kernels/dots.cl.
#include "ops/product.h"

#include <algorithm>

namespace wick::opencl {
namespace {

/// The power of two among 1, 2, 4, 8 that holds n, as its exponent.
std::size_t tokens_exponent(std::uint32_t n) {
  std::size_t e = 0;
  while ((1u << e) < n && (1u << e) < kMostVectors) ++e;
  return e;
}

constexpr std::uint32_t kUnitBytes = 40;  // of a rounded unit: words and steps

}  // namespace

VectorKernels::VectorKernels(const Program& program, const Product& product)
    : product_(product), local_bytes_(program.can().local_bytes) {
  // Items of a GPU read units side by side; a core reads a row by itself.
  const bool is_cpu = program.can().is_cpu;
  team_ = is_cpu ? 1 : 32;
  teams_ = is_cpu ? 16 : 8;
  rows_ = is_cpu ? 1 : product.has_dots ? 1 : 2;
  Options options = packing_options(product.layout->packing);
  options.insert(options.end(), {{"TEAM", team_}, {"ROWS", rows_}});
  if (product.has_dots)
    options.insert(options.end(), {{"GATED", product.is_gated}, {"NORMED", product.is_normed}});
  else
    options.insert(options.end(),
                   {{"EVEN", product.n_in % kUnit == 0}, {"EXPERTS", product.experts_mode}});
  const std::uint64_t most = product.experts_mode ? 1 : program.max_rows(product.y);
  for (std::size_t e = 0; e == 0 || ((1u << (e - 1)) < most && (1u << e) <= most_tokens()); ++e) {
    Options of_tokens = options;
    of_tokens.emplace_back("TOKENS", 1 << e);
    kernels_.push_back(
        program.kernel(product.has_dots ? KernelFile::dots : KernelFile::matvec, of_tokens));
  }
}

std::uint32_t VectorKernels::most_tokens() const {
  std::uint32_t most = kMostVectors;
  constexpr std::uint64_t kRest = 4096;
  while (product_.has_dots && most > 1 &&
         std::uint64_t{product_.layout->n_units} * kUnitBytes * most + kRest > local_bytes_)
    most /= 2;
  return most;
}

void VectorKernels::run(Launcher& l, std::uint32_t n_rows) const {
  const Product& p = product_;
  const WeightPlace place(*p.layout);
  const std::uint64_t groups = groups_of(p.n_out, std::uint64_t{teams_} * rows_);
  const LocalBytes scratch{team_ * teams_ * sizeof(float)};
  if (p.experts_mode) {
    const Range range{groups * team_, std::size_t{n_rows} * p.n_used * teams_, team_, teams_};
    l.run(kernels_[0], range, p.w, place, l.memory(p.x), l.memory(p.y), l.optional(p.addend),
          l.memory(p.routes), p.n_in, p.n_out, n_rows, p.n_used, p.n_experts, scratch);
    return;
  }
  const std::size_t e = std::min(tokens_exponent(n_rows), kernels_.size() - 1);
  const Range range{groups * team_, groups_of(n_rows, 1u << e) * teams_, team_, teams_};
  if (!p.has_dots) {
    l.run(kernels_[e], range, p.w, place, l.memory(p.x), l.memory(p.y), l.optional(p.addend),
          cl_mem{nullptr}, p.n_in, p.n_out, n_rows, p.n_used, p.n_experts, scratch);
    return;
  }
  const std::size_t units = std::size_t{p.layout->n_units} << e;
  l.run(kernels_[e], range, p.w, p.second, place, l.memory(p.x), l.memory(p.y),
        l.optional(p.addend), p.norm, p.n_out, n_rows, p.epsilon, LocalBytes{units * 32},
        LocalBytes{units * 8}, scratch);
}

}  // namespace wick::opencl
