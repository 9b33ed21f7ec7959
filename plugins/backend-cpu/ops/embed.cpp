// embed@1: rows of the table by token id, decoded out of the packed tiles.
#include "ops/rows_step.h"
#include "ops/table.h"

namespace wick::cpu {

void add_embed(Program& program, const sdk::GraphNode& node) {
  const BoundWeight table = program.weight(node, 0, false);
  if (table.layout->n_cols != program.width(node.output) || program.rows_are_outputs(node.output))
    program.refuse(node, "needs an output of tokens, as wide as the table");
  program.need_vocab(table.layout->n_rows);
  add_rows_step(program, {}, node.output,
                [weight = table.weight](const RunContext& run, std::uint64_t row, std::uint8_t* y) {
                  weight->read_row(static_cast<std::uint64_t>(run.batch->token_ids[row]),
                                   reinterpret_cast<float*>(y));
                });
}

}  // namespace wick::cpu
