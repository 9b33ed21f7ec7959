// Products of few tokens by integer dot products; see shaders/dots.comp.
#include "ops/product.h"

namespace wick::vulkan {
namespace {

struct Push {
  std::uint64_t w, x, y, addend, second, norm;
  WeightPlace place;
  std::uint32_t n_out, n_rows;
  float epsilon;
};

}  // namespace

/// A workgroup makes teams * rows rows. Many rows share the rounding of inputs; few, and several
/// subgroups for each, keep every core of a device busy with loads.
Dots::Shape Dots::shape_of(const Product& product, const Capabilities& can) {
  constexpr std::uint64_t kWide = 8192, kNarrow = 4096;
  const bool is_large = can.max_workgroup >= 16 * can.subgroup_size;
  if (product.is_gated && is_large) return {16, 2, 1};
  if (product.makes_rounded || product.n_out >= kWide) return {8, 4, 1};
  return {8, product.n_out >= kNarrow ? 2u : 1u, is_large ? 2u : 1u};
}

Dots::Dots(const Program& program, const Product& product)
    : program_(program), product_(product), shape_(shape_of(product, program.can())) {
  pipeline(1);
}

std::uint32_t Dots::most_tokens() const {
  std::uint32_t most = kMostVectors;
  constexpr std::uint64_t kRest = 2048;
  while (most > 1 &&
         std::uint64_t{product_.layout->n_units} * 40 * most + kRest > program_.can().shared_bytes)
    most /= 2;
  return most;
}

VkPipeline Dots::pipeline(std::uint32_t tokens) const {
  Constants c = packing_constants(product_.layout->packing);
  c.insert(c.end(), {{20, tokens},
                     {21, shape_.rows},
                     {22, product_.layout->n_units},
                     {23, product_.takes_rounded ? 2u
                          : product_.is_normed   ? 1u
                                                 : 0u},
                     {24, product_.is_gated ? 1u : 0u},
                     {25, product_.makes_rounded ? 1u : 0u},
                     {26, shape_.sharers},
                     {27, shape_.teams}});
  return program_.pipeline(Shader::dots,
                           program_.can().subgroup_size * shape_.teams * shape_.sharers, c);
}

void Dots::record(Recorder& r, std::uint32_t n_rows) const {
  const std::uint32_t tokens = std::min(tokens_at_once(n_rows), most_tokens());
  const Push push{product_.w,
                  r.address(product_.x),
                  r.address(product_.y),
                  product_.addend == WICK_NONE ? 0 : r.address(product_.addend),
                  product_.second,
                  product_.norm,
                  WeightPlace(*product_.layout),
                  product_.n_out,
                  n_rows,
                  product_.epsilon};
  r.dispatch(pipeline(tokens), push,
             groups_of(product_.n_out, std::uint64_t{shape_.teams} * shape_.rows),
             groups_of(n_rows, tokens));
}

}  // namespace wick::vulkan
