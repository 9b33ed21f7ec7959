// matmul@1: a step that prepares the activations (shared by all products of one value), then the
// product, split by tiles of rows.
#include <algorithm>
#include <cstring>

#include "ops/rows_step.h"
#include "ops/table.h"

namespace wick::cpu {
namespace {

std::uint64_t n_units(std::uint64_t width) {
  return (width + kUnitCols - 1) / kUnitCols;
}

/// x in 8 bits, split among threads by units, because a single row is long enough for all of them.
class QuantizeStep final : public Step {
 public:
  QuantizeStep(const Program& program, std::uint32_t x, std::uint32_t y)
      : quantize_(program.kernels().matmul->quantize),
        width_(program.width(x)),
        outputs_(program.rows_are_outputs(x)) {
    reads = {x};
    writes = y;
  }
  void run(const RunContext& run, const sdk::Team& team) const noexcept override {
    const std::uint64_t per_row = n_units(width_);
    Range mine = share(n_rows(run, outputs_) * per_row, team, 8);
    auto* units = reinterpret_cast<QuantUnit*>(run.values[writes]);
    while (mine.begin < mine.end) {
      const std::uint64_t row = mine.begin / per_row;
      const std::uint64_t end = std::min(mine.end, (row + 1) * per_row);
      const std::uint64_t from = (mine.begin - row * per_row) * kUnitCols;
      const std::uint64_t to = std::min(width_, (end - row * per_row) * kUnitCols);
      quantize_(run.floats(reads[0]) + row * width_ + from, to - from, units + mine.begin);
      mine.begin = end;
    }
  }

 private:
  void (*quantize_)(const float*, std::uint64_t, QuantUnit*);
  std::uint64_t width_;
  bool outputs_;
};

std::uint32_t quantized(Program& program, std::uint32_t x) {
  return program.shared("quantized " + std::to_string(x), [&] {
    const std::uint32_t made = program.add_value(n_units(program.width(x)) * sizeof(QuantUnit),
                                                 program.rows_are_outputs(x));
    program.add_step(std::make_unique<QuantizeStep>(program, x, made));
    return made;
  });
}

/// x in rows of whole units: x itself where it is so already.
std::uint32_t padded(Program& program, std::uint32_t x) {
  const std::uint64_t width = program.width(x), wide = n_units(width) * kUnitCols;
  if (wide == width) return x;
  return program.shared("padded " + std::to_string(x), [&] {
    const std::uint32_t made = program.add_value(wide * sizeof(float), program.rows_are_outputs(x));
    add_rows_step(program, {x}, made,
                  [=](const RunContext& run, std::uint64_t row, std::uint8_t* y) {
                    std::memcpy(y, run.floats(x) + row * width, width * sizeof(float));
                    std::memset(y + width * sizeof(float), 0, (wide - width) * sizeof(float));
                  });
    return made;
  });
}

MatmulKernel pick(const MatmulKernels& kernels, const Layout& layout, bool is_integer) {
  switch (layout.element) {
    case Element::kF32:
      return kernels.f32;
    case Element::kF16:
      return kernels.f16;
    case Element::kBf16:
      return kernels.bf16;
    default:
      return is_integer ? kernels.packed_integer : kernels.packed_exact;
  }
}

class MatmulStep final : public Step {
 public:
  MatmulStep(const Program& program, const Layout& layout, const Weight* weight, bool is_integer)
      : kernel_(pick(*program.kernels().matmul, layout, is_integer)), weight_(weight) {
    task_.tile_bytes = layout.tile_bytes;
    task_.n_units = layout.padded_cols / kUnitCols;
    task_.n_rows = layout.n_rows;
    task_.x_stride = is_integer ? task_.n_units : task_.n_units * kUnitCols;
    task_.y_stride = layout.n_rows;
    n_tiles_ = layout.n_tiles;
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
  const bool is_integer = !program.precise() && w.layout->is_integer;
  const std::uint32_t prepared = is_integer ? quantized(program, x) : padded(program, x);
  auto step = std::make_unique<MatmulStep>(program, *w.layout, w.weight, is_integer);
  step->set_values(program, prepared, node.output);
  program.add_step(std::move(step));
}

}  // namespace wick::cpu
