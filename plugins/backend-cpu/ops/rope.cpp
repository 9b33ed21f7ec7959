// rope@1: a table of cosines and sines per token, made once a run and shared by all layers, then
// the rotation. Angles are f64: at position 100 000 an f32 angle would be off by 0.01.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <sstream>

#include "ops/rows_step.h"
#include "ops/table.h"

namespace wick::cpu {
namespace {

struct Rope {
  std::uint64_t head_dim = 0, n_rotary = 0;
  bool halves = false;
  double base = 10000, scale = 1, ext_factor = 0, attn_factor = 1;
  double beta_fast = 32, beta_slow = 1, original_context = 0;
};

Rope read_rope(const Program& program, const sdk::GraphNode& node) {
  const sdk::GraphView& g = program.graph();
  Rope rope;
  const std::int64_t head_dim = g.integer(node, "head_dim", 0);
  const std::int64_t n_rotary = g.integer(node, "n_rotary", head_dim);
  if (head_dim <= 0 || n_rotary <= 0 || n_rotary > head_dim || n_rotary % 2 != 0 ||
      program.width(node.output) % static_cast<std::uint64_t>(head_dim) != 0)
    program.refuse(node, "rotates " + std::to_string(n_rotary) + " of " + std::to_string(head_dim) +
                             " values a head, which does not fit the row");
  rope.head_dim = static_cast<std::uint64_t>(head_dim);
  rope.n_rotary = static_cast<std::uint64_t>(n_rotary);
  rope.halves = g.integer(node, "layout", 0) == 1;
  rope.base = g.real(node, "base", rope.base);
  rope.scale = g.real(node, "scale", rope.scale);
  rope.ext_factor = g.real(node, "ext_factor", rope.ext_factor);
  rope.attn_factor = g.real(node, "attn_factor", rope.attn_factor);
  rope.beta_fast = g.real(node, "beta_fast", rope.beta_fast);
  rope.beta_slow = g.real(node, "beta_slow", rope.beta_slow);
  rope.original_context =
      g.real(node, "original_context", static_cast<double>(g.integer(node, "original_context", 0)));
  return rope;
}

/// The dimension whose wave turns `rotations` times in the original context.
double correction_dim(const Rope& r, double rotations) {
  constexpr double kTwoPi = 6.283185307179586;
  return static_cast<double>(r.n_rotary) * std::log(r.original_context / (rotations * kTwoPi)) /
         (2 * std::log(r.base));
}

/// Angle per position of every pair, before a vector of factors, and how much of it is not to be
/// interpolated.
struct Waves {
  std::vector<double> extrapolated, mix;
  float magnitude = 1;
};

Waves make_waves(const Rope& r) {
  Waves waves;
  waves.magnitude = static_cast<float>(r.attn_factor);
  double low = 0, high = 0;
  if (r.ext_factor != 0) {
    const double last = static_cast<double>(r.n_rotary) - 1;
    low = std::max(0.0, std::floor(correction_dim(r, r.beta_fast)));
    high = std::min(last, std::ceil(correction_dim(r, r.beta_slow)));
    waves.magnitude = static_cast<float>(r.attn_factor * (1 + 0.1 * std::log(1 / r.scale)));
  }
  for (std::uint64_t i = 0; i < r.n_rotary / 2; ++i) {
    const double x = static_cast<double>(i);
    waves.extrapolated.push_back(std::pow(r.base, -2 * x / static_cast<double>(r.n_rotary)));
    const double ramp = 1 - std::clamp((x - low) / std::max(0.001, high - low), 0.0, 1.0);
    waves.mix.push_back(r.ext_factor != 0 ? ramp * r.ext_factor : 0.0);
  }
  return waves;
}

/// Rows [cosines of all pairs][sines of all pairs].
std::uint32_t rope_table(Program& program, const sdk::GraphNode& node, const Rope& r) {
  const bool has_factors = program.has_input(node, 1);
  const float* factors = has_factors ? program.vector(node, 1, r.n_rotary / 2) : nullptr;
  std::ostringstream key;
  key.precision(17);
  key << "rope " << r.n_rotary << ' ' << r.base << ' ' << r.scale << ' ' << r.ext_factor << ' '
      << r.attn_factor << ' ' << r.beta_fast << ' ' << r.beta_slow << ' ' << r.original_context
      << ' ' << (has_factors ? node.inputs[1] : WICK_NONE);
  return program.shared(key.str(), [&] {
    const std::uint32_t made = program.add_value(r.n_rotary * sizeof(float), false);
    const Waves waves = make_waves(r);
    const double scale = r.scale;
    add_rows_step(program, {}, made,
                  [=](const RunContext& run, std::uint64_t row, std::uint8_t* to) {
                    auto* y = reinterpret_cast<float*>(to);
                    const std::size_t n = waves.mix.size();
                    const double position = run.batch->positions[row];
                    for (std::size_t i = 0; i < n; ++i) {
                      const double factor = factors ? static_cast<double>(factors[i]) : 1.0;
                      const double extrapolated = position * waves.extrapolated[i] / factor;
                      const double theta =
                          scale * extrapolated * (1 - waves.mix[i]) + extrapolated * waves.mix[i];
                      y[i] = static_cast<float>(std::cos(theta)) * waves.magnitude;
                      y[n + i] = static_cast<float>(std::sin(theta)) * waves.magnitude;
                    }
                  });
    return made;
  });
}

void rotate(const Rope& r, const float* x, const float* table, float* y) noexcept {
  const std::uint64_t n = r.n_rotary / 2;
  const std::uint64_t step = r.halves ? 1 : 2, other = r.halves ? n : 1;
  for (std::uint64_t i = 0; i < n; ++i) {
    const float a = x[i * step], b = x[i * step + other];
    y[i * step] = a * table[i] - b * table[n + i];
    y[i * step + other] = a * table[n + i] + b * table[i];
  }
  std::memcpy(y + r.n_rotary, x + r.n_rotary, (r.head_dim - r.n_rotary) * sizeof(float));
}

}  // namespace

void add_rope(Program& program, const sdk::GraphNode& node) {
  const std::uint32_t x = program.activation(node, 0);
  need_same_shape(program, node, x, node.output);
  if (program.rows_are_outputs(x)) program.refuse(node, "needs rows of tokens");
  const Rope rope = read_rope(program, node);
  const std::uint32_t table = rope_table(program, node, rope);
  const std::uint64_t width = program.width(x);
  add_rows_step(program, {x, table}, node.output,
                [=](const RunContext& run, std::uint64_t row, std::uint8_t* to) {
                  const float* from = run.floats(x) + row * width;
                  const float* angles = run.floats(table) + row * rope.n_rotary;
                  auto* y = reinterpret_cast<float*>(to);
                  for (std::uint64_t head = 0; head < width; head += rope.head_dim)
                    rotate(rope, from + head, angles, y + head);
                });
}

}  // namespace wick::cpu
