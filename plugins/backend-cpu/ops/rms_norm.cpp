// rms_norm@1: every part of a row by its root mean square. A row is added up, normalized and
// quantized while it is in the cache.
#include "ops/rms_norm.h"

#include "ops/made_forms.h"
#include "ops/rows_step.h"
#include "ops/table.h"

namespace wick::cpu {
namespace {

struct Norm {
  void (*kernel)(const float*, const float*, float, std::uint64_t, float*);
  const float* weight;
  float epsilon;
  std::uint64_t part, width;

  void operator()(const float* x, float* y) const noexcept {
    for (std::uint64_t i = 0; i < width; i += part) kernel(x + i, weight, epsilon, part, y + i);
  }
};

Norm read_norm(const Program& program, const sdk::GraphNode& node) {
  const std::uint32_t x = program.activation(node, 0);
  need_same_shape(program, node, x, node.output);
  const BoundWeight weight = program.weight(node, 1, true);
  Norm norm{};
  norm.width = program.width(x);
  norm.part = weight.layout->n_rows * weight.layout->n_cols;
  if (norm.width % norm.part != 0)
    program.refuse(node, "has a weight that does not divide the row");
  norm.kernel = program.kernels().elementwise->rms_norm;
  norm.weight = program.vector(node, 1, norm.part);
  norm.epsilon = static_cast<float>(program.graph().real(node, "epsilon", 1e-5));
  return norm;
}

class NormStep final : public Step {
 public:
  NormStep(const Program& program, std::uint32_t x, const Norm& norm, const MadeForms& made)
      : norm_(norm), made_(made), x_(x), outputs_(program.rows_are_outputs(x)) {
    reads = {x};
    writes = made_.all_values();
    partition = Partition::rows(outputs_);
    if (!made_.has_floats) scratch_bytes = norm_.width * sizeof(float);
    op = made_.name_of("rms_norm");
  }
  /// x is a + b, which is made first.
  void set_sum(const Program& program, std::uint32_t a, std::uint32_t b) {
    add_ = program.kernels().elementwise->add;
    reads = {a, b};
    writes.push_back(x_);
    op = made_.name_of("add+rms_norm");
  }
  void run(const RunContext& run, const sdk::Team& team) const noexcept override {
    auto* scratch = reinterpret_cast<float*>(run.scratch + team.thread() * run.scratch_bytes);
    const Range mine = share(n_rows(run, outputs_), team);
    for (std::uint64_t row = mine.begin; row < mine.end; ++row) {
      const std::uint64_t at = row * norm_.width;
      float* x = run.floats(x_) + at;
      float* y = made_.has_floats ? run.floats(made_.value) + at : scratch;
      if (add_) add_(run.floats(reads[0]) + at, run.floats(reads[1]) + at, norm_.width, x);
      norm_(x, y);
      made_.write(run, row, {y, norm_.width, 0});
    }
  }

 private:
  Norm norm_;
  MadeForms made_;
  void (*add_)(const float*, const float*, std::uint64_t, float*) = nullptr;
  std::uint32_t x_;
  bool outputs_;
};

}  // namespace

void add_rms_norm(Program& program, const sdk::GraphNode& node) {
  const Norm norm = read_norm(program, node);
  const MadeForms made = prepare_forms(program, node.output);
  program.add_step(std::make_unique<NormStep>(program, node.inputs[0], norm, made));
}

void add_sum_and_norm(Program& program, const sdk::GraphNode& sum, const sdk::GraphNode& norm) {
  const std::uint32_t a = program.activation(sum, 0), b = program.activation(sum, 1);
  need_same_shape(program, sum, a, sum.output);
  need_same_shape(program, sum, a, b);
  const Norm read = read_norm(program, norm);
  const MadeForms made = prepare_forms(program, norm.output);
  auto step = std::make_unique<NormStep>(program, sum.output, read, made);
  step->set_sum(program, a, b);
  program.add_step(std::move(step));
}

}  // namespace wick::cpu
