// add@1: a + b, with the norm of the sum where one is wanted.
#include "ops/binary.h"
#include "ops/rms_norm.h"
#include "ops/table.h"

namespace wick::cpu {

void add_add(Program& program, const sdk::GraphNode& node) {
  if (const sdk::GraphNode* norm = program.uses().norm_of_sum(node))
    return add_sum_and_norm(program, node, *norm);
  add_binary(program, node, program.kernels().elementwise->add);
}

}  // namespace wick::cpu
