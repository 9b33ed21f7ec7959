// matmul@1: a step that prepares the activations (shared by all products of one value), then the
// product, split by tiles of rows.
#include "ops/matmul_input.h"
#include "ops/rows_step.h"
#include "ops/table.h"

namespace wick::cpu {
namespace {

class MatmulStep final : public Step {
 public:
  MatmulStep(const Program& program, const BoundWeight& w, const MatmulInput& input)
      : kernel_(matmul_kernel(program, *w.layout)), weight_(w.weight) {
    task_.tile_bytes = w.layout->tile_bytes;
    task_.n_units = input.n_units;
    task_.n_rows = w.layout->n_rows;
    task_.x_stride = input.stride;
    task_.y_stride = w.layout->n_rows;
    n_tiles_ = w.layout->n_tiles;
  }
  void set_values(const Program& program, std::uint32_t x, std::uint32_t y) {
    reads = {x};
    writes = y;
    outputs_ = program.rows_are_outputs(y);
  }
  void run(const RunContext& run, const sdk::Team& team) const noexcept override {
    const Range tiles = share(n_tiles_, team);
    MatmulTask task = task_;
    task.packed = &weight_->packed();
    task.weights = weight_->data();
    task.first_tile = tiles.begin;
    task.end_tile = tiles.end;
    task.x = run.values[reads[0]];
    task.n_tokens = n_rows(run, outputs_);
    task.y = run.floats(writes);
    kernel_(task);
  }

 private:
  MatmulKernel kernel_;
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
  const MatmulInput input = prepare_input(program, x, 1, takes_integers(program, *w.layout));
  auto step = std::make_unique<MatmulStep>(program, w, input);
  step->set_values(program, input.value, node.output);
  program.add_step(std::move(step));
}

}  // namespace wick::cpu
