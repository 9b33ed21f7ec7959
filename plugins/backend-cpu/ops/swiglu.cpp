// swiglu@1: silu(gate) * up, with the products that make them where nobody else reads those.
#include "ops/binary.h"
#include "ops/gated_matmul.h"
#include "ops/table.h"

namespace wick::cpu {

void add_swiglu(Program& program, const sdk::GraphNode& node) {
  if (program.uses().is_gated_product(node)) return add_gated_matmul(program, node);
  if (program.has_input(node, 1) && program.is_weight(node.inputs[1]))
    program.refuse(node, "needs an activation as input 1");
  add_binary(program, node, program.kernels().elementwise->swiglu);
}

}  // namespace wick::cpu
