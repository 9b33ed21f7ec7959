// Products of few tokens by integer dot products; see shaders/dots.comp.
#include "ops/product.h"

namespace wick::vulkan {
namespace {

constexpr std::uint32_t kTeams = 8;  // subgroups of a workgroup

struct Push {
  std::uint64_t w, x, y, addend, second, norm;
  WeightPlace place;
  std::uint32_t n_out, n_rows;
  float epsilon;
};

/// Rows of a subgroup: many share the rounding of inputs, few keep every core of the device busy.
std::uint32_t rows_of(const Product& product) {
  constexpr std::uint64_t kWide = 4096;
  return product.makes_rounded || product.n_out >= kWide ? 4 : 2;
}

}  // namespace

Dots::Dots(const Program& program, const Product& product)
    : program_(program),
      product_(product),
      threads_(program.can().subgroup_size * kTeams),
      rows_(rows_of(product)) {
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
                     {21, rows_},
                     {22, product_.layout->n_units},
                     {23, product_.takes_rounded ? 2u
                          : product_.is_normed   ? 1u
                                                 : 0u},
                     {24, product_.is_gated ? 1u : 0u},
                     {25, product_.makes_rounded ? 1u : 0u}});
  return program_.pipeline(Shader::dots, threads_, c);
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
  r.dispatch(pipeline(tokens), push, groups_of(product_.n_out, std::uint64_t{kTeams} * rows_),
             groups_of(n_rows, tokens));
}

}  // namespace wick::vulkan
