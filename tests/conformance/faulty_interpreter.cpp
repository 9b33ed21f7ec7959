// One way to do each op wrongly; what has no fault here is the reference's.
#include "faulty_interpreter.h"

#include <wick/sdk/half.h>

#include <algorithm>
#include <cmath>

namespace wick::tests {
namespace {

using reference::Matrix;

double to_half(double value) {
  return static_cast<double>(sdk::f16_to_f32(sdk::f32_to_f16(static_cast<float>(value))));
}

/// Groups of 256 rounded to `levels` steps on either side of zero.
Matrix quantized(const Matrix& x, double levels) {
  Matrix q = x;
  for (std::size_t t = 0; t < x.n_rows; ++t)
    for (std::size_t first = 0; first < x.width; first += 256) {
      const std::size_t last = std::min(first + 256, x.width);
      double peak = 0;
      for (std::size_t i = first; i < last; ++i) peak = std::max(peak, std::fabs(x.row(t)[i]));
      const double step = to_half(peak / levels);
      for (std::size_t i = first; i < last; ++i)
        if (step > 0) q.row(t)[i] = std::round(x.row(t)[i] / step) * step;
    }
  return q;
}

}  // namespace

Matrix FaultyInterpreter::evaluate(const sdk::GraphNode& n, const In& in, const wick_batch& batch,
                                   reference::States& states) const {
  if (n.op == "matmul@1") return matmul(in);
  if (n.op == "route@1") return route(n, in);
  if (n.op == "matmul_experts@1") return matmul_experts(n, in);
  if (n.op == "attention@1") return attention(n, in, batch, states);
  if (n.op == "rope@1") return rope(n, in, batch);
  if (n.op == "short_conv@1") return short_conv(in, batch, states.conv[n.state]);
  if (n.op == "select_rows@1") return select_rows(in, batch);
  if (n.op == "top_k@1") return top_k(n, in);
  if (n.op == "gelu@1" && fault_ == Fault::kGeluByErf)
    return reference::map(*in[0],
                          [](double v) { return 0.5 * v * std::erfc(-v / std::sqrt(2.0)); });
  if (n.op == "rms_norm@1" && fault_ == Fault::kNormOverRow) {
    Matrix w(1, in[0]->width);
    for (std::size_t i = 0; i < w.width; ++i) w.values[i] = in[1]->values[i % in[1]->width];
    return reference::rms_norm(*in[0], w, attributes(n).epsilon);
  }
  return Interpreter::evaluate(n, in, batch, states);
}

Matrix FaultyInterpreter::matmul(const In& in) const {
  Matrix x = *in[0];
  if (!precise_) x = quantized(x, fault_ == Fault::kActivationsInSixBits ? 31 : 127);
  if (fault_ == Fault::kLastColumnLost)
    for (std::size_t t = 0; t < x.n_rows; ++t) x.row(t)[x.width - 1] = 0;
  Matrix y = reference::matmul(x, *in[1]);
  return fault_ == Fault::kHalfSums ? reference::map(y, to_half) : y;
}

Matrix FaultyInterpreter::route(const sdk::GraphNode& n, const In& in) const {
  const auto& r = attributes(n).route;
  const Matrix* bias = in.size() > 1 ? in[1] : nullptr;
  Matrix y = reference::route(*in[0], bias, r);
  if (fault_ != Fault::kBiasWeighs || !bias) return y;
  const auto n_used = static_cast<std::size_t>(r.n_used);
  for (std::size_t t = 0; t < y.n_rows; ++t)
    for (std::size_t k = 0; k < n_used; ++k)
      y.row(t)[n_used + k] += r.scale * bias->values[static_cast<std::size_t>(y.row(t)[k])];
  return y;
}

Matrix FaultyInterpreter::top_k(const sdk::GraphNode& n, const In& in) const {
  const std::size_t k = attributes(n).k;
  Matrix x = *in[0];
  if (fault_ == Fault::kNanIsSmallest)
    x = reference::map(x, [](double v) { return std::isnan(v) ? -INFINITY : v; });
  if (fault_ != Fault::kTiesToTheHigher) return reference::top_k(x, k);
  for (std::size_t t = 0; t < x.n_rows; ++t) std::reverse(x.row(t), x.row(t) + x.width);
  Matrix y = reference::top_k(x, k);
  for (std::size_t t = 0; t < y.n_rows; ++t)
    for (std::size_t i = 0; i < k; ++i)
      y.row(t)[i] = static_cast<double>(x.width - 1) - y.row(t)[i];
  return y;
}

Matrix FaultyInterpreter::matmul_experts(const sdk::GraphNode& n, const In& in) const {
  const std::size_t n_experts = attributes(n).n_experts;
  Matrix x = *in[0], w = *in[2];
  if (fault_ == Fault::kFirstPartForSlots)
    for (std::size_t t = 0; t < x.n_rows; ++t)
      for (std::size_t i = w.width; i < x.width; ++i) x.row(t)[i] = x.row(t)[i % w.width];
  if (fault_ == Fault::kExpertsInTiles) {
    const std::size_t n_out = w.n_rows / n_experts, step = (n_out + 15) / 16 * 16;
    for (std::size_t row = 0; row < w.n_rows; ++row) {
      const std::size_t from = std::min(row / n_out * step + row % n_out, w.n_rows - 1);
      std::copy_n(in[2]->row(from), w.width, w.row(row));
    }
  }
  if (!precise_ && x.width == w.width) x = quantized(x, 127);
  return reference::matmul_experts(x, *in[1], w, n_experts);
}

Matrix FaultyInterpreter::attention(const sdk::GraphNode& n, const In& in, const wick_batch& batch,
                                    reference::States& states) const {
  auto a = attributes(n).attention;
  if (fault_ == Fault::kWindowOffByOne && a.window > 0) ++a.window;
  if (fault_ == Fault::kScoresUnscaled) a.scale = 1.0;
  const Matrix k = precise_ ? *in[1] : reference::map(*in[1], to_half);
  const Matrix v = precise_ ? *in[2] : reference::map(*in[2], to_half);
  if (fault_ != Fault::kKvHeadsInTurns)
    return reference::attention(*in[0], k, v, a, states.kv[n.state], batch);
  // Query heads in the order that makes the reference's grouping the wrong one.
  Matrix q = *in[0];
  const auto dim = static_cast<std::size_t>(a.head_dim);
  const auto groups = static_cast<std::size_t>(a.n_heads / a.n_kv_heads);
  const auto place = [&](std::size_t head) {
    return head % static_cast<std::size_t>(a.n_kv_heads) * groups +
           head / static_cast<std::size_t>(a.n_kv_heads);
  };
  for (std::size_t t = 0; t < q.n_rows; ++t)
    for (std::size_t head = 0; head < static_cast<std::size_t>(a.n_heads); ++head)
      std::copy_n(in[0]->row(t) + head * dim, dim, q.row(t) + place(head) * dim);
  const Matrix mixed = reference::attention(q, k, v, a, states.kv[n.state], batch);
  Matrix y = mixed;
  const auto out = static_cast<std::size_t>(a.value_dim);
  for (std::size_t t = 0; t < q.n_rows; ++t)
    for (std::size_t head = 0; head < static_cast<std::size_t>(a.n_heads); ++head)
      std::copy_n(mixed.row(t) + place(head) * out, out, y.row(t) + head * out);
  return y;
}

Matrix FaultyInterpreter::rope(const sdk::GraphNode& n, const In& in,
                               const wick_batch& batch) const {
  auto p = attributes(n).rope;
  const Matrix* factors = in.size() > 1 ? in[1] : nullptr;
  if (fault_ == Fault::kRopeOtherLayout) p.layout = 1 - p.layout;
  if (fault_ == Fault::kYarnIgnored) p.ext_factor = 0.0;
  if (fault_ == Fault::kFactorsIgnored) factors = nullptr;
  return reference::rope(*in[0], factors, p, batch);
}

Matrix FaultyInterpreter::short_conv(const In& in, const wick_batch& batch,
                                     reference::ConvState& state) const {
  const Matrix before = state.snapshots;
  if (fault_ == Fault::kConvStateIgnored)
    std::fill(state.snapshots.values.begin(), state.snapshots.values.end(), 0.0);
  Matrix y = reference::short_conv(*in[0], *in[1], state, batch);
  if (fault_ != Fault::kConvBorderLost) return y;
  const std::size_t n = (in[1]->width - 1) * in[0]->width;
  for (std::uint32_t r = 0; r < batch.n_runs; ++r)
    for (std::uint32_t b = 0; b + 1 < batch.runs[r].n_blocks; ++b) {
      const std::size_t first = batch.runs[r].blocks[b] * n;
      std::copy_n(before.values.begin() + static_cast<std::ptrdiff_t>(first), n,
                  state.snapshots.values.begin() + static_cast<std::ptrdiff_t>(first));
    }
  return y;
}

Matrix FaultyInterpreter::select_rows(const In& in, const wick_batch& batch) const {
  if (fault_ != Fault::kOutputsOffByOne) return reference::select_rows(*in[0], batch);
  Matrix y(batch.n_outputs, in[0]->width);
  for (std::uint32_t i = 0; i < batch.n_outputs; ++i) {
    const std::size_t row = batch.output_rows[i] > 0 ? batch.output_rows[i] - 1 : 0;
    std::copy_n(in[0]->row(row), y.width, y.row(i));
  }
  return y;
}

}  // namespace wick::tests
