// rope@1.
#include "ops/table.h"

namespace wick::opencl {
namespace {

sdk::RopeParameters parameters_of(const Program& program, const sdk::GraphNode& node) {
  const sdk::GraphView& g = program.graph();
  sdk::RopeParameters p;
  p.head_dim = g.integer(node, "head_dim", 0);
  p.n_rotary = g.integer(node, "n_rotary", p.head_dim);
  p.layout = g.integer(node, "layout", 0);
  p.original_context = g.integer(node, "original_context", 0);
  p.base = g.real(node, "base", p.base);
  p.scale = g.real(node, "scale", p.scale);
  p.ext_factor = g.real(node, "ext_factor", p.ext_factor);
  p.attn_factor = g.real(node, "attn_factor", p.attn_factor);
  p.beta_fast = g.real(node, "beta_fast", p.beta_fast);
  p.beta_slow = g.real(node, "beta_slow", p.beta_slow);
  const std::int64_t width = program.width(node.output);
  if (p.head_dim <= 0 || p.n_rotary < 2 || p.n_rotary > p.head_dim || p.n_rotary % 2 != 0 ||
      width % p.head_dim != 0 || !(p.base > 0) || (p.layout != 0 && p.layout != 1) ||
      (p.ext_factor != 0.0 && p.original_context <= 0))
    program.refuse(node, "has attributes that do not go together");
  return p;
}

}  // namespace

RopeUse rope_use(Program& program, const sdk::GraphNode& node) {
  const sdk::RopeParameters p = parameters_of(program, node);
  const std::vector<float>* factors =
      program.has_input(node, 1)
          ? program.vector_values(node, 1, static_cast<std::uint64_t>(p.n_rotary / 2))
          : nullptr;
  return {&program.rope_table(p, factors), static_cast<std::uint32_t>(p.head_dim),
          static_cast<std::uint32_t>(p.n_rotary), static_cast<std::uint32_t>(p.layout)};
}

void add_rope(Program& program, const sdk::GraphNode& node) {
  const std::uint32_t x = program.activation(node, 0), y = node.output;
  const std::uint32_t width = program.width(x);
  if (program.width(y) != width) program.refuse(node, "changes the width");
  const RopeUse rope = rope_use(program, node);
  const RopeTable* table = rope.table;
  const std::uint32_t head_dim = rope.head_dim, n_rotary = rope.n_rotary;
  const std::uint64_t n_items = std::uint64_t{width / head_dim} * (head_dim - n_rotary / 2);
  const Kernel kernel = program.kernel(KernelFile::rope, {{"HALVES", rope.layout}});
  program.add_step(node, {x}, {y}, [=](Launcher& l) {
    l.run(kernel, items(n_items, kThreads, l.n_tokens()), l.memory(x), l.memory(y),
          l.batch().handle(), table->handle(), width, head_dim, n_rotary);
  });
}

}  // namespace wick::opencl
