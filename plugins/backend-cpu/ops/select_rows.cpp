// select_rows@1: the rows whose logits are wanted.
#include <cstring>

#include "ops/rows_step.h"
#include "ops/table.h"

namespace wick::cpu {

void add_select_rows(Program& program, const sdk::GraphNode& node) {
  const std::uint32_t x = program.activation(node, 0);
  const std::uint64_t width = program.width(x);
  if (program.width(node.output) != width || program.rows_are_outputs(x) ||
      !program.rows_are_outputs(node.output))
    program.refuse(node, "needs rows of tokens in and rows of outputs out, of one width");
  Step& step = add_rows_step(program, {x}, node.output,
                             [=](const RunContext& run, std::uint64_t row, std::uint8_t* y) {
                               const std::uint64_t token = run.batch->output_rows[row];
                               std::memcpy(y, run.floats(x) + token * width, width * sizeof(float));
                             });
  step.reads_anywhere = true;
}

}  // namespace wick::cpu
