// slice@1: columns begin .. begin + length.
#include <cstring>

#include "ops/rows_step.h"
#include "ops/table.h"

namespace wick::cpu {

void add_slice(Program& program, const sdk::GraphNode& node) {
  const std::uint32_t x = program.activation(node, 0);
  const std::uint64_t width = program.width(x), length = program.width(node.output);
  const std::int64_t begin = program.graph().integer(node, "begin", -1);
  const std::int64_t given = program.graph().integer(node, "length", -1);
  if (begin < 0 || given < 0 || static_cast<std::uint64_t>(given) != length || length > width ||
      static_cast<std::uint64_t>(begin) > width - length ||
      program.rows_are_outputs(x) != program.rows_are_outputs(node.output))
    program.refuse(node, "cuts columns that its input does not have");
  const std::uint64_t first = static_cast<std::uint64_t>(begin);
  add_rows_step(program, {x}, node.output,
                [=](const RunContext& run, std::uint64_t row, std::uint8_t* y) {
                  std::memcpy(y, run.floats(x) + row * width + first, length * sizeof(float));
                });
}

}  // namespace wick::cpu
