// combine@1: the weighted sum of what the experts of a row made, in the order of the slots.
#include <algorithm>

#include "ops/rows_step.h"
#include "ops/table.h"

namespace wick::cpu {

void add_combine(Program& program, const sdk::GraphNode& node) {
  const std::uint32_t x = program.activation(node, 0), routes = program.activation(node, 1);
  const std::uint64_t n_used = program.width(routes) / 2, width = program.width(node.output);
  if (n_used == 0 || program.width(x) != n_used * width ||
      program.rows_are_outputs(x) != program.rows_are_outputs(node.output) ||
      program.rows_are_outputs(routes) != program.rows_are_outputs(node.output))
    program.refuse(node, "joins values of different shapes");
  add_rows_step(program, {x, routes}, node.output,
                [=](const RunContext& run, std::uint64_t row, std::uint8_t* to) {
                  const float* from = run.floats(x) + row * n_used * width;
                  const float* weights = run.floats(routes) + row * 2 * n_used + n_used;
                  auto* y = reinterpret_cast<float*>(to);
                  std::fill_n(y, width, 0.0f);
                  for (std::uint64_t k = 0; k < n_used; ++k, from += width)
                    for (std::uint64_t i = 0; i < width; ++i) y[i] += weights[k] * from[i];
                });
}

}  // namespace wick::cpu
