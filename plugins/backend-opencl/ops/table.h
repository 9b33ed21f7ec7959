// The ops that this backend knows.
#pragma once

#include <string_view>
#include <vector>

#include "launcher.h"
#include "program.h"

namespace wick::opencl {

struct OpRow {
  std::string_view name;
  bool takes_matrix;
  void (*add_steps)(Program& program, const sdk::GraphNode& node);
};

/// Null where the op is unknown.
const OpRow* find_op(std::string_view name) noexcept;

void add_attention(Program& program, const sdk::GraphNode& node);
void add_combine(Program& program, const sdk::GraphNode& node);
void add_elementwise(Program& program, const sdk::GraphNode& node);
void add_embed(Program& program, const sdk::GraphNode& node);
void add_matmul(Program& program, const sdk::GraphNode& node);
void add_matmul_experts(Program& program, const sdk::GraphNode& node);
void add_norm(Program& program, const sdk::GraphNode& node);
void add_rope(Program& program, const sdk::GraphNode& node);
void add_route(Program& program, const sdk::GraphNode& node);
void add_select_rows(Program& program, const sdk::GraphNode& node);
void add_short_conv(Program& program, const sdk::GraphNode& node);
void add_slice(Program& program, const sdk::GraphNode& node);
void add_top_k(Program& program, const sdk::GraphNode& node);

/// The columns of a row that a slice@1 takes; throws kBadShape where they do not exist.
struct Cut {
  std::uint32_t begin, length;
};
Cut cut_of(const Program& program, const sdk::GraphNode& slice);

/// A rope@1 as kernels take it.
struct RopeUse {
  const RopeTable* table;
  std::uint32_t head_dim, n_rotary, layout;
};
RopeUse rope_use(Program& program, const sdk::GraphNode& node);

constexpr std::uint32_t kThreads = 128;  ///< of a workgroup, where nothing asks for more
constexpr std::uint64_t groups_of(std::uint64_t n, std::uint64_t a_group) {
  return (n + a_group - 1) / a_group;
}

}  // namespace wick::opencl
