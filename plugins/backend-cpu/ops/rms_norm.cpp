// rms_norm@1: every part of a row by its root mean square.
#include "ops/rows_step.h"
#include "ops/table.h"

namespace wick::cpu {

void add_rms_norm(Program& program, const sdk::GraphNode& node) {
  const std::uint32_t x = program.activation(node, 0);
  const std::uint64_t width = program.width(x);
  need_same_shape(program, node, x, node.output);
  const BoundWeight weight = program.weight(node, 1, true);
  const std::uint64_t part = weight.layout->n_rows * weight.layout->n_cols;
  if (width % part != 0) program.refuse(node, "has a weight that does not divide the row");
  const float* w = program.vector(node, 1, part);
  const auto epsilon = static_cast<float>(program.graph().real(node, "epsilon", 1e-5));
  const auto kernel = program.kernels().elementwise->rms_norm;
  add_rows_step(program, {x}, node.output,
                [=](const RunContext& run, std::uint64_t row, std::uint8_t* to) {
                  const float* from = run.floats(x) + row * width;
                  auto* y = reinterpret_cast<float*>(to);
                  for (std::uint64_t i = 0; i < width; i += part)
                    kernel(from + i, w, epsilon, part, y + i);
                });
}

}  // namespace wick::cpu
