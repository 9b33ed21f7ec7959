// Tiles and tokens are counted from those of the part: kernels know of no others.
#include "ops/product.h"

#include <algorithm>

#include "profile.h"

namespace wick::cpu {
namespace {

BoundWeight checked_weight(const Program& program, const sdk::GraphNode& node) {
  const std::uint32_t x = program.activation(node, 0);
  const BoundWeight w = program.weight(node, 1, false);
  if (w.layout->n_cols != program.width(x) || w.layout->n_rows != program.width(node.output) ||
      program.rows_are_outputs(x) != program.rows_are_outputs(node.output))
    program.refuse(
        node, "multiplies shapes that do not go together: " + std::to_string(program.width(x)) +
                  " columns by [" + std::to_string(w.layout->n_rows) + ", " +
                  std::to_string(w.layout->n_cols) + "]");
  return w;
}

}  // namespace

Product::Product(Program& program, const sdk::GraphNode& node) {
  const BoundWeight w = checked_weight(program, node);
  const std::uint32_t x = program.activation(node, 0);
  kernel_ = product_kernel(program, *w.layout, program.rows_are_outputs(x));
  input_ = prepare_input(program, x, 1, kernel_);
  weight_ = w.weight;
  kernel_.set(task_, input_);
  task_.tile_bytes = w.layout->tile_bytes;
  task_.n_rows = w.layout->n_rows;
  n_tiles_ = w.layout->n_tiles;
  text_ = weight_text(*w.layout);
}

std::uint64_t Product::tokens_together() const noexcept {
  if (kernel_.codes) return jit::block_tokens(*kernel_.codes);
  constexpr std::uint64_t kBytes = std::uint64_t{512} << 10, kLeast = 16;
  return std::max(kBytes / input_.part_bytes, kLeast);
}

Work Product::work(std::uint64_t n_tokens) const noexcept {
  return {n_tiles_ * task_.tile_bytes, n_tokens * task_.n_rows * task_.n_units * kUnitCols};
}

void Product::run(const RunContext& run, const Part& part) const noexcept {
  const std::uint64_t first_row = part.tiles.begin * kTileRows;
  MatmulTask task = task_;
  task.packed = &weight_->packed();
  task.weights = weight_->data() + part.tiles.begin * task.tile_bytes;
  task.end_tile = part.tiles.end - part.tiles.begin;
  task.n_rows = std::min(part.tiles.end * kTileRows, task.n_rows) - first_row;
  task.x = run.values[input_.value] + part.tokens.begin * input_.part_bytes;
  task.n_tokens = part.tokens.end - part.tokens.begin;
  task.y = part.y;
  task.y_stride = part.y_stride;
  kernel_.run(task);
}

}  // namespace wick::cpu
