// The list of ops: what makes the steps of a node. To add an op: one file, and a row in table.cpp.
#pragma once

#include <wick/sdk/graph_view.h>

#include <string_view>

namespace wick::cpu {

class Program;

struct OpRow {
  std::string_view name;  ///< "matmul@1"
  /// Checks the node and adds its steps; throws kBadShape.
  void (*add_steps)(Program& program, const sdk::GraphNode& node);
  bool takes_matrix;  ///< has a weight that is kept in packed tiles
};

/// Null where the op is unknown.
const OpRow* find_op(std::string_view name) noexcept;

void add_embed(Program& program, const sdk::GraphNode& node);
void add_matmul(Program& program, const sdk::GraphNode& node);
void add_add(Program& program, const sdk::GraphNode& node);
void add_mul(Program& program, const sdk::GraphNode& node);
void add_rms_norm(Program& program, const sdk::GraphNode& node);
void add_layer_norm(Program& program, const sdk::GraphNode& node);
void add_rope(Program& program, const sdk::GraphNode& node);
void add_attention(Program& program, const sdk::GraphNode& node);
void add_short_conv(Program& program, const sdk::GraphNode& node);
void add_swiglu(Program& program, const sdk::GraphNode& node);
void add_silu(Program& program, const sdk::GraphNode& node);
void add_gelu(Program& program, const sdk::GraphNode& node);
void add_softcap(Program& program, const sdk::GraphNode& node);
void add_scale(Program& program, const sdk::GraphNode& node);
void add_route(Program& program, const sdk::GraphNode& node);
void add_matmul_experts(Program& program, const sdk::GraphNode& node);
void add_combine(Program& program, const sdk::GraphNode& node);
void add_slice(Program& program, const sdk::GraphNode& node);
void add_select_rows(Program& program, const sdk::GraphNode& node);

}  // namespace wick::cpu
