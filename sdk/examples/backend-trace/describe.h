// What the log says: one line for each thing that is asked for.
#pragma once

#include <wick/sdk/backend.h>
#include <wick/sdk/graph_view.h>

#include <string>

namespace trace {

/// "affine u4, groups of 32, f16 scales", "table u4, ...", "F16".
std::string describe(const wick_storage_class* storage, std::uint32_t plain_type);
/// "blk.0.attn_q.weight [256, 256] affine u8, ... for matmul".
std::string describe(const wick_weight_desc& desc);
/// "6 tokens, 1 logits row: sequence 0 from 0".
std::string describe(const wick_batch& batch);
/// "129 nodes: 1 embed@1, 43 matmul@1, ...", ops in the order of their first use.
std::string describe_ops(const wick::sdk::GraphView& graph);

}  // namespace trace
