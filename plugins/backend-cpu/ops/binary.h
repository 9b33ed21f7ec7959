// What add@1 and mul@1 share: the second input is an activation, or a vector for every row.
#pragma once

#include "ops/rows_step.h"

namespace wick::cpu {

using BinaryKernel = void (*)(const float*, const float*, std::uint64_t, float*);

inline void add_binary(Program& program, const sdk::GraphNode& node, BinaryKernel kernel) {
  const std::uint32_t a = program.activation(node, 0);
  const std::uint32_t y = node.output;
  need_same_shape(program, node, a, y);
  if (program.has_input(node, 1) && program.is_weight(node.inputs[1])) {
    const std::uint64_t width = program.width(a);
    const float* b = program.vector(node, 1, width);
    add_rows_step(program, {a}, y, [=](const RunContext& run, std::uint64_t row, std::uint8_t* to) {
      kernel(run.floats(a) + row * width, b, width, reinterpret_cast<float*>(to));
    });
    return;
  }
  const std::uint32_t b = program.activation(node, 1);
  need_same_shape(program, node, a, b);
  add_flat_step(program, {a, b}, y, [=](const RunContext& run, std::uint64_t at, std::uint64_t n) {
    kernel(run.floats(a) + at, run.floats(b) + at, n, run.floats(y) + at);
  });
}

}  // namespace wick::cpu
