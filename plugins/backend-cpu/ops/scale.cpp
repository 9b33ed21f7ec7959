// scale@1: x * factor.
#include "ops/rows_step.h"
#include "ops/table.h"

namespace wick::cpu {

void add_scale(Program& program, const sdk::GraphNode& node) {
  const std::uint32_t x = program.activation(node, 0), y = node.output;
  need_same_shape(program, node, x, y);
  const auto factor = static_cast<float>(program.graph().real(node, "factor", 1.0));
  const auto kernel = program.kernels().elementwise->scale;
  add_flat_step(program, {x}, y, [=](const RunContext& run, std::uint64_t at, std::uint64_t n) {
    kernel(run.floats(x) + at, factor, n, run.floats(y) + at);
  });
}

}  // namespace wick::cpu
