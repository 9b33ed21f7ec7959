// How far a backend may be from the oracle: bounds for every output value, derived from the
// arithmetic that the contract allows. Inputs are exact, so the bound is that of one op alone.
//
// Notation: e = 2^-24, the rounding of one f32 operation. A sum of n products in any order is off
// by at most (n + 1) e times the sum of their magnitudes.
#pragma once

#include "conformance/attention_tolerance.h"
#include "conformance/experiment.h"
#include "conformance/expert_tolerance.h"
#include "conformance/matmul_tolerance.h"
#include "conformance/weight_data.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace wick::conformance {

class Tolerances {
 public:
  Tolerances(const Setup& setup, bool precise) : setup_(setup), precise_(precise) {}

  Bounds of(const Oracle& oracle, const std::vector<reference::Matrix>& values,
            const sdk::GraphNode& n, const wick_batch& batch) const {
    const sdk::GraphView& g = oracle.view();
    const auto in = [&](std::size_t i) -> const reference::Matrix& { return values[n.inputs[i]]; };
    const reference::Matrix& y = values[n.output];
    if (n.op == "matmul@1")
      return matmul_bounds(in(0), {in(1), setup_.weights.at(n.inputs[1])}, precise_);
    if (n.op == "matmul_experts@1")
      return matmul_experts_bounds(in(0), in(1), {in(2), setup_.weights.at(n.inputs[2])},
                                   reference::n_experts(g, n), precise_);
    if (n.op == "combine@1") {
      const auto size = [](double v) { return std::fabs(v); };
      return {combine_bounds(
                  reference::combine(reference::map(in(0), size), reference::map(in(1), size)),
                  in(1).width / 2),
              {}};
    }
    if (n.op == "route@1") {
      const bool has_bias = n.inputs.size() > 1 && n.inputs[1] != WICK_NONE;
      return {route_bounds(in(0), has_bias ? &in(1) : nullptr, reference::route_parameters(g, n),
                           function_loss()),
              {}};
    }
    if (n.op == "embed@1") return {embed(setup_.weights.at(n.inputs[0]), batch), {}};
    if (n.op == "rms_norm@1") return {rms_norm(y, in(1).width), {}};
    if (n.op == "layer_norm@1") return {layer_norm(g, n, values), {}};
    if (n.op == "rope@1") return {rope(g, n, values, batch), {}};
    if (n.op == "attention@1")
      return {attention_bound(in(0), reference::attention_parameters(g, n),
                              oracle.states().kv[n.state], batch, precise_),
              {}};
    if (n.op == "slice@1" || n.op == "select_rows@1" || n.op == "top_k@1") return {zeros(y), {}};
    if (n.op == "add@1" || n.op == "mul@1" || n.op == "scale@1")
      return {reference::map(y, [](double v) { return kE * std::fabs(v); }), {}};
    return {function(g, n, in(0), y), {}};
  }

  /// The bound of short_conv: `magnitudes` is the op over |x| and |kernel|. width products; a fast
  /// path may keep the state in f16: 2^-11 of each value, 2^-25 where f16 is subnormal.
  reference::Matrix short_conv(const reference::Matrix& magnitudes, const reference::Matrix& kernel,
                               bool has_state) const {
    const double n = static_cast<double>(kernel.width);
    double largest = 0;
    for (double k : kernel.values) largest = std::max(largest, std::fabs(k));
    const bool halves = !precise_ && has_state;
    return reference::map(magnitudes, [=](double m) {
      return (n + 1) * kE * m + (halves ? 0x1p-11 * m + n * largest * 0x1p-25 : 0.0);
    });
  }

 private:
  static constexpr double kE = 0x1p-24;
  /// What a fast path may lose in exp and tanh: relative.
  double function_loss() const { return precise_ ? 0.0 : 0x1p-16; }
  static reference::Matrix zeros(const reference::Matrix& y) { return {y.n_rows, y.width}; }

  /// Every decoder gives the same bits, but for classes whose products are not exact in f32 and are
  /// followed by a min: a fused multiply-add saves a rounding there.
  static reference::Matrix embed(const WeightData& table, const wick_batch& batch) {
    const wick_storage_class& s = table.storage;
    const std::uint32_t scale_bits = s.scale_type == WICK_SCALE_F16 ? 11 : 24;
    const bool exact = table.is_plain || !s.has_min ||
                       (!s.table && scale_bits + s.sub_scale_bits + s.code_bits <= 24);
    const reference::Matrix m = table.magnitudes(false);
    return reference::map(reference::embed(m, batch),
                          [=](double v) { return exact ? 0.0 : 2 * kE * v; });
  }

  /// The mean of `part` squares, its root, a division and a product; half of the sum's error comes
  /// through the root.
  static reference::Matrix rms_norm(const reference::Matrix& y, std::size_t part) {
    const double relative = (static_cast<double>(part) / 2 + 6) * kE;
    return reference::map(y, [=](double v) { return relative * std::fabs(v); });
  }

  /// The mean is off by n e mean|x|; it shifts every distance, and the variance by its square. Two
  /// passes over the row: mean(x^2) - mean(x)^2 would lose rows with a large mean.
  static reference::Matrix layer_norm(const sdk::GraphView& g, const sdk::GraphNode& n,
                                      const std::vector<reference::Matrix>& values) {
    const reference::Matrix &x = values[n.inputs[0]], &w = values[n.inputs[1]];
    const reference::Matrix& y = values[n.output];
    const std::size_t part = w.width;
    const double count = static_cast<double>(part);
    reference::Matrix bound(y.n_rows, y.width);
    for (std::size_t first = 0; first < x.values.size(); first += part) {
      double mean = 0, magnitude = 0, variance = g.real(n, "epsilon", 0.0);
      for (std::size_t i = 0; i < part; ++i) {
        mean += x.values[first + i] / count;
        magnitude += std::fabs(x.values[first + i]) / count;
      }
      for (std::size_t i = 0; i < part; ++i)
        variance += std::pow(x.values[first + i] - mean, 2) / count;
      const double shift = (count + 1) * kE * magnitude;
      const double relative = (count / 2 + 8) * kE + shift * shift / variance;
      for (std::size_t i = 0; i < part; ++i) {
        const double distance = std::fabs(x.values[first + i] - mean);
        const double weight = std::fabs(w.values[i]) / std::sqrt(variance);
        bound.values[first + i] = weight * (shift * (1 + relative) + relative * distance) +
                                  2 * kE * std::fabs(y.values[first + i]);
      }
    }
    return bound;
  }

  /// The angle has about 8 roundings (power, factor, position, scale, mix) relative to its larger
  /// version; the pair turns by that error, and 4 roundings follow.
  static reference::Matrix rope(const sdk::GraphView& g, const sdk::GraphNode& n,
                                const std::vector<reference::Matrix>& values,
                                const wick_batch& batch) {
    const reference::Matrix& x = values[n.inputs[0]];
    const bool has_factors = n.inputs.size() > 1 && n.inputs[1] != WICK_NONE;
    const auto p = reference::rope_parameters(g, n);
    const auto head_dim = static_cast<std::size_t>(p.head_dim);
    const auto n_pairs = static_cast<std::size_t>(p.n_rotary / 2);
    const double magnitude = std::fabs(reference::rope_magnitude(p));
    reference::Matrix bound(x.n_rows, x.width);
    for (std::size_t t = 0; t < x.n_rows; ++t)
      for (std::size_t i = 0; i < n_pairs; ++i) {
        const double factor = has_factors ? values[n.inputs[1]].values[i] : 1.0;
        auto unscaled = p;
        unscaled.scale = 1.0;
        const double angle = reference::rope_angle(unscaled, i, batch.positions[t], factor);
        const double turn = 8 * kE * std::fabs(angle) * std::max(1.0, p.scale) + 8 * kE;
        const std::size_t a = p.layout == 0 ? 2 * i : i, b = p.layout == 0 ? a + 1 : a + n_pairs;
        for (std::size_t head = 0; head < x.width; head += head_dim) {
          const double length = std::fabs(x.row(t)[head + a]) + std::fabs(x.row(t)[head + b]);
          bound.row(t)[head + a] = bound.row(t)[head + b] = magnitude * length * turn;
        }
      }
    return bound;
  }

  /// silu, swiglu: exp is off by its argument's rounding, |x| e, and a few e, relative to y.
  /// gelu, softcap: tanh by 4 e at most and its argument's rounding, relative to |x| or the cap.
  reference::Matrix function(const sdk::GraphView& g, const sdk::GraphNode& n,
                             const reference::Matrix& x, const reference::Matrix& y) const {
    reference::Matrix bound(y.n_rows, y.width);
    const double cap = std::fabs(g.real(n, "cap", 0.0));
    for (std::size_t i = 0; i < y.values.size(); ++i) {
      const double a = std::fabs(x.values[i]), v = std::fabs(y.values[i]);
      if (n.op == "silu@1" || n.op == "swiglu@1")
        bound.values[i] = v * ((a + 8) * kE + function_loss());
      if (n.op == "gelu@1") bound.values[i] = a * (8 * kE + function_loss());
      if (n.op == "softcap@1") bound.values[i] = cap * (4 * kE + function_loss());
      if (n.op == "softcap@1" && a < cap) bound.values[i] *= std::max(a / cap, 0x1p-6);
    }
    return bound;
  }

  const Setup& setup_;
  bool precise_;
};

}  // namespace wick::conformance
