// matmul@1: a step that prepares the activations (shared by all products of one value), then the
// product, whose tiles of rows threads claim.
#include "claims.h"
#include "ops/matmul_input.h"
#include "ops/rows_step.h"
#include "ops/table.h"
#include "profile.h"

namespace wick::cpu {
namespace {

class MatmulStep final : public Step {
 public:
  MatmulStep(const ProductKernel& kernel, const BoundWeight& w, const MatmulInput& input)
      : kernel_(kernel), weight_(w.weight) {
    kernel_.set(task_, input);
    task_.tile_bytes = w.layout->tile_bytes;
    task_.n_rows = w.layout->n_rows;
    task_.y_stride = w.layout->n_rows;
    n_tiles_ = w.layout->n_tiles;
    hands_out = true;
    weight = weight_text(*w.layout);
  }
  void set_values(const Program& program, std::uint32_t x, std::uint32_t y) {
    reads = {x};
    writes = {y};
    outputs_ = program.rows_are_outputs(y);
  }
  Work work(const RunContext& run) const noexcept override {
    return {n_tiles_ * task_.tile_bytes,
            n_rows(run, outputs_) * task_.n_rows * task_.n_units * kUnitCols};
  }
  void run(const RunContext& run, const sdk::Team& team) const noexcept override {
    MatmulTask task = task_;
    task.packed = &weight_->packed();
    task.weights = weight_->data();
    task.x = run.values[reads[0]];
    task.n_tokens = n_rows(run, outputs_);
    task.y = run.floats(writes[0]);
    const std::uint64_t n = tiles_per_claim(n_tiles_, task.tile_bytes, team.n_threads());
    claim_share(run, *this, team, n_tiles_, n, [&](Range tiles) {
      task.first_tile = tiles.begin;
      task.end_tile = tiles.end;
      kernel_.run(task);
    });
  }

 private:
  ProductKernel kernel_;
  const Weight* weight_;
  MatmulTask task_{};
  std::uint64_t n_tiles_ = 0;
  bool outputs_ = false;
};

}  // namespace

void add_matmul(Program& program, const sdk::GraphNode& node) {
  const std::uint32_t x = program.activation(node, 0);
  const BoundWeight w = program.weight(node, 1, false);
  if (w.layout->n_cols != program.width(x) || w.layout->n_rows != program.width(node.output) ||
      program.rows_are_outputs(x) != program.rows_are_outputs(node.output))
    program.refuse(
        node, "multiplies shapes that do not go together: " + std::to_string(program.width(x)) +
                  " columns by [" + std::to_string(w.layout->n_rows) + ", " +
                  std::to_string(w.layout->n_cols) + "]");
  const ProductKernel kernel = product_kernel(program, *w.layout, program.rows_are_outputs(x));
  const MatmulInput input = prepare_input(program, x, 1, kernel);
  auto step = std::make_unique<MatmulStep>(kernel, w, input);
  step->set_values(program, input.value, node.output);
  program.add_step(std::move(step));
}

}  // namespace wick::cpu
