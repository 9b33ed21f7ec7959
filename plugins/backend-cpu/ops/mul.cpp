// mul@1: a * b.
#include "ops/binary.h"
#include "ops/table.h"

namespace wick::cpu {

void add_mul(Program& program, const sdk::GraphNode& node) {
  add_binary(program, node, program.kernels().elementwise->mul);
}

}  // namespace wick::cpu
