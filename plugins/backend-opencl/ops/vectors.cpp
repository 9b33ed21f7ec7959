// Products of few tokens, a team of items a few rows; see kernels/matvec.cl and kernels/dots.cl.
#include "ops/product.h"

#include <algorithm>

namespace wick::opencl {
namespace {

constexpr std::uint64_t kUnitBytes = 40;  // of a rounded unit in local memory: words and steps
constexpr std::uint64_t kRestBytes = 4096;
constexpr std::uint32_t kLanes = 32;  // items that read units side by side

struct Shape {
  std::uint32_t team, teams, rows;  // items, teams of a workgroup, rows of a team
};

/// Items of a GPU read units side by side; a core reads a row by itself. Many rows share the
/// rounding of inputs; few, and a larger team for each, keep every core of a device busy with
/// loads.
Shape shape_of(const Product& product, const Capabilities& can) {
  if (can.is_cpu) return {1, 16, 1};
  if (!product.has_dots) return {kLanes, 4, 2};
  const bool is_large = can.max_workgroup >= 16 * kLanes;
  constexpr std::uint32_t kWide = 8192, kNarrow = 4096;
  std::uint32_t n_out = product.n_out;
  for (const Sibling& other : product.siblings) n_out += other.n_out;
  if (product.is_gated && is_large) return {kLanes, 16, 2};
  if (product.n_out >= kWide || !is_large) return {kLanes, 8, product.n_out >= kWide ? 4u : 1u};
  return {2 * kLanes, 8, n_out >= kNarrow ? 2u : 1u};
}

}  // namespace

VectorKernels::VectorKernels(const Program& program, const Product& product)
    : program_(program),
      product_(product),
      kernels_(std::make_shared<std::map<std::uint32_t, Kernel>>()) {
  const Shape shape = shape_of(product, program.can());
  team_ = shape.team, teams_ = shape.teams, rows_ = shape.rows;
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

void VectorKernels::run_dots(Launcher& l, std::uint32_t tokens, std::uint32_t n_rows) const {
  const Product& p = product_;
  const std::uint64_t a_group = std::uint64_t{teams_} * rows_;
  std::vector<Sibling> m{{p.layout, p.w, p.y, p.n_out}};
  std::uint64_t groups = groups_of(p.n_out, a_group);
  for (const Sibling& other : p.siblings) {
    m.push_back(other);
    if (!p.is_gated) groups += groups_of(other.n_out, a_group);
  }
  m.resize(kMostMatrices, {p.layout, nullptr, WICK_NONE, 0});
  // The output of a gate's second product is not kept: it has no memory.
  const auto y = [&](std::size_t i) { return p.is_gated && i > 0 ? nullptr : l.optional(m[i].y); };
  const std::size_t units = std::size_t{p.layout->n_units} * tokens;
  const Range range{groups * team_, groups_of(n_rows, tokens) * teams_, team_, teams_};
  l.run(kernel(tokens), range, m[0].w, WeightPlace(*m[0].layout), y(0), m[0].n_out, m[1].w,
        WeightPlace(*m[1].layout), y(1), m[1].n_out, m[2].w, WeightPlace(*m[2].layout), y(2),
        m[2].n_out, l.memory(p.x), l.optional(p.addend), p.norm, n_rows, p.epsilon,
        LocalBytes{units * 32}, LocalBytes{units * 8}, LocalBytes{team_ * teams_ * sizeof(float)});
}

void VectorKernels::run(Launcher& l, std::uint32_t n_rows) const {
  const Product& p = product_;
  const std::uint32_t tokens = p.experts_mode ? 1 : tokens_at_once(n_rows);
  if (p.has_dots) return run_dots(l, tokens, n_rows);
  const std::uint64_t columns =
      p.experts_mode ? std::uint64_t{n_rows} * p.n_used : groups_of(n_rows, tokens);
  const Range range{groups_of(p.n_out, std::uint64_t{teams_} * rows_) * team_, columns * teams_,
                    team_, teams_};
  l.run(kernel(tokens), range, p.w, WeightPlace(*p.layout), l.memory(p.x), l.memory(p.y),
        l.optional(p.addend), l.optional(p.routes), p.n_in, p.n_out, n_rows, p.n_used, p.n_experts,
        LocalBytes{team_ * teams_ * sizeof(float)});
}

}  // namespace wick::opencl
