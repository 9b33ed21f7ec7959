// Two products and the swiglu@1 that joins them, as one step. Not for products that somebody else
// reads (fuse.h).
#pragma once

#include "program.h"

namespace wick::cpu {

/// The node is a swiglu@1 that ValueUses::is_gated_product.
void add_gated_matmul(Program& program, const sdk::GraphNode& node);

}  // namespace wick::cpu
