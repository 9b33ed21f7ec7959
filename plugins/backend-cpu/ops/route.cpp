// route@1: probabilities of all experts in a thread's scratch, then the largest, one after the
// other: there are few of them.
#include <algorithm>
#include <limits>

#include "ops/rows_step.h"
#include "ops/table.h"

namespace wick::cpu {
namespace {

struct Routing {
  std::uint64_t n_experts, n_used;
  bool is_sigmoid, normalize;
  float epsilon, scale;
  const float* bias;
  void (*exp)(const float*, std::uint64_t, float*);
};

class RouteStep final : public Step {
 public:
  RouteStep(const Program& program, const Routing& routing, std::uint32_t scores, std::uint32_t y)
      : routing_(routing), outputs_(program.rows_are_outputs(y)) {
    reads = {scores};
    writes = {y};
    partition = Partition::rows(outputs_);
    scratch_bytes = 2 * routing.n_experts * sizeof(float);
  }
  void run(const RunContext& run, const sdk::Team& team) const noexcept override {
    auto* scratch = reinterpret_cast<float*>(run.scratch + team.thread() * run.scratch_bytes);
    const Range mine = share(n_rows(run, outputs_), team);
    for (std::uint64_t row = mine.begin; row < mine.end; ++row) {
      gate(run.floats(reads[0]) + row * routing_.n_experts, scratch);
      choose(scratch, scratch + routing_.n_experts,
             run.floats(writes[0]) + row * 2 * routing_.n_used);
    }
  }

 private:
  void gate(const float* scores, float* p) const noexcept {
    const std::uint64_t n = routing_.n_experts;
    if (routing_.is_sigmoid) {
      for (std::uint64_t e = 0; e < n; ++e) p[e] = -scores[e];
      routing_.exp(p, n, p);
      for (std::uint64_t e = 0; e < n; ++e) p[e] = 1.0f / (1.0f + p[e]);
      return;
    }
    const float peak = *std::max_element(scores, scores + n);
    for (std::uint64_t e = 0; e < n; ++e) p[e] = scores[e] - peak;
    routing_.exp(p, n, p);
    float sum = 0.0f;
    for (std::uint64_t e = 0; e < n; ++e) sum += p[e];
    for (std::uint64_t e = 0; e < n; ++e) p[e] /= sum;
  }
  /// `choice` is overwritten. Where scores are NaN the experts are still experts, and distinct.
  void choose(const float* p, float* choice, float* out) const noexcept {
    constexpr float kTaken = -std::numeric_limits<float>::infinity();
    for (std::uint64_t e = 0; e < routing_.n_experts; ++e) {
      choice[e] = routing_.bias ? p[e] + routing_.bias[e] : p[e];
      if (!(choice[e] > -std::numeric_limits<float>::max()))
        choice[e] = -std::numeric_limits<float>::max();
    }
    float sum = 0.0f;
    for (std::uint64_t k = 0; k < routing_.n_used; ++k) {
      const auto best = static_cast<std::uint64_t>(
          std::max_element(choice, choice + routing_.n_experts) - choice);
      choice[best] = kTaken;
      out[k] = static_cast<float>(best);
      out[routing_.n_used + k] = p[best];
      sum += p[best];
    }
    for (std::uint64_t k = routing_.n_used; k < 2 * routing_.n_used; ++k) {
      if (routing_.normalize) out[k] /= sum + routing_.epsilon;
      out[k] *= routing_.scale;
    }
  }

  Routing routing_;
  bool outputs_;
};

}  // namespace

void add_route(Program& program, const sdk::GraphNode& node) {
  const std::uint32_t scores = program.activation(node, 0), y = node.output;
  const sdk::GraphView& graph = program.graph();
  const std::int64_t n_used = graph.integer(node, "n_used", 0),
                     gating = graph.integer(node, "gating", 0);
  Routing r{};
  r.n_experts = program.width(scores);
  r.n_used = static_cast<std::uint64_t>(std::max<std::int64_t>(n_used, 0));
  if (r.n_used == 0 || r.n_used > r.n_experts || program.width(y) != 2 * r.n_used ||
      program.rows_are_outputs(scores) != program.rows_are_outputs(y))
    program.refuse(node, "chooses " + std::to_string(n_used) + " of " +
                             std::to_string(r.n_experts) + " experts for " +
                             std::to_string(program.width(y)) + " columns");
  if (gating != 0 && gating != 1)
    program.refuse(node, "has an unknown gating, got " + std::to_string(gating));
  r.is_sigmoid = gating == 1;
  r.normalize = graph.integer(node, "normalize", 0) != 0;
  r.epsilon = static_cast<float>(graph.real(node, "epsilon", 0.0));
  r.scale = static_cast<float>(graph.real(node, "scale", 1.0));
  r.bias = program.has_input(node, 1) ? program.vector(node, 1, r.n_experts) : nullptr;
  r.exp = program.kernels().elementwise->exp;
  program.add_step(std::make_unique<RouteStep>(program, r, scores, y));
}

}  // namespace wick::cpu
