// The norm of a value, or of a sum that is made with it. Not for the choice (fuse.h).
#pragma once

#include "program.h"

namespace wick::cpu {

/// add@1 and its rms_norm@1 in one pass over the rows: ValueUses::norm_of_sum.
void add_sum_and_norm(Program& program, const sdk::GraphNode& sum, const sdk::GraphNode& norm);

}  // namespace wick::cpu
