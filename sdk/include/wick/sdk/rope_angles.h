// Cosines and sines of rope@1 by position, computed in f64 on the host: no device's own sine is
// good enough for large angles. YaRN: Peng et al., 2023, arXiv 2309.00071. Not for the rotation.
#pragma once

#include <wick/sdk/graph_view.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

namespace wick {
inline namespace v1 {
namespace sdk {

/// Attributes of the node; see docs/ops.md.
struct RopeParameters {
  std::int64_t head_dim = 0, n_rotary = 0, layout = 0, original_context = 0;
  double base = 10000.0, scale = 1.0;
  double ext_factor = 0.0, attn_factor = 1.0, beta_fast = 32.0, beta_slow = 1.0;

  /// Whether they go together, for rows of so many columns. Ask before angles are made of them.
  bool can_turn(std::uint64_t width) const noexcept {
    return head_dim > 0 && n_rotary >= 2 && n_rotary <= head_dim && n_rotary % 2 == 0 &&
           width % static_cast<std::uint64_t>(head_dim) == 0 && base > 0 &&
           (layout == 0 || layout == 1) && (ext_factor == 0.0 || original_context > 0);
  }
};

/// As the node says, unchecked.
inline RopeParameters rope_parameters(const GraphView& graph, const GraphNode& node) {
  RopeParameters p;
  p.head_dim = graph.integer(node, "head_dim", p.head_dim);
  p.n_rotary = graph.integer(node, "n_rotary", p.head_dim);
  p.layout = graph.integer(node, "layout", p.layout);
  p.original_context = graph.integer(node, "original_context", p.original_context);
  p.base = graph.real(node, "base", p.base);
  p.scale = graph.real(node, "scale", p.scale);
  p.ext_factor = graph.real(node, "ext_factor", p.ext_factor);
  p.attn_factor = graph.real(node, "attn_factor", p.attn_factor);
  p.beta_fast = graph.real(node, "beta_fast", p.beta_fast);
  p.beta_slow = graph.real(node, "beta_slow", p.beta_slow);
  return p;
}

namespace detail {

/// The pair index whose frequency turns `beta` times within the original context.
inline double corrected_dim(const RopeParameters& p, double beta) {
  const double turns = static_cast<double>(p.original_context) / (beta * 2.0 * std::acos(-1.0));
  return static_cast<double>(p.n_rotary) * std::log(turns) / (2.0 * std::log(p.base));
}

/// How much of pair i keeps its unscaled angle.
inline double mix_of(const RopeParameters& p, double i) {
  if (p.ext_factor == 0.0) return 0.0;
  const double low = std::max(0.0, std::floor(corrected_dim(p, p.beta_fast)));
  const double high =
      std::min(static_cast<double>(p.n_rotary - 1), std::ceil(corrected_dim(p, p.beta_slow)));
  const double along = (i - low) / std::max(0.001, high - low);
  return p.ext_factor * (1.0 - std::clamp(along, 0.0, 1.0));
}

}  // namespace detail

/// What turns every pair of values, a position.
class RopeAngles {
 public:
  /// `p` passed can_turn(); factors: of n_rotary / 2 values, or null.
  RopeAngles(const RopeParameters& p, const std::vector<float>* factors) {
    for (std::int64_t i = 0; i < p.n_rotary / 2; ++i) {
      const double pair = static_cast<double>(i);
      const double factor =
          factors ? static_cast<double>((*factors)[static_cast<std::size_t>(i)]) : 1.0;
      const double turn = std::pow(p.base, -2.0 * pair / static_cast<double>(p.n_rotary)) / factor;
      const double mix = detail::mix_of(p, pair);
      turns_.push_back(turn * p.scale * (1.0 - mix) + turn * mix);
    }
    magnitude_ = p.attn_factor;
    if (p.ext_factor != 0.0) magnitude_ *= 1.0 + 0.1 * std::log(1.0 / p.scale);
  }

  /// Whether both turn every pair alike.
  bool operator==(const RopeAngles& other) const noexcept {
    return turns_ == other.turns_ && magnitude_ == other.magnitude_;
  }
  std::uint64_t n_pairs() const noexcept { return turns_.size(); }
  /// Cosine and sine, times the magnitude, of every pair at positions 0 .. n_positions - 1: f32,
  /// [position][pair][2].
  void write(std::uint64_t n_positions, std::uint8_t* to) const noexcept {
    for (std::uint64_t position = 0; position < n_positions; ++position)
      for (const double turn : turns_) {
        const double angle = turn * static_cast<double>(position);
        const float pair[2] = {static_cast<float>(std::cos(angle) * magnitude_),
                               static_cast<float>(std::sin(angle) * magnitude_)};
        std::memcpy(to, pair, sizeof pair);
        to += sizeof pair;
      }
  }

 private:
  std::vector<double> turns_;  // radians a position, by pair
  double magnitude_ = 1;
};

}  // namespace sdk
}  // namespace v1
}  // namespace wick
