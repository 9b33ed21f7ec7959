// rope@1.
#include "ops/table.h"

namespace wick::opencl {

RopeUse rope_use(Program& program, const sdk::GraphNode& node) {
  const sdk::RopeParameters p = sdk::rope_parameters(program.graph(), node);
  if (!p.can_turn(program.width(node.output)))
    program.refuse(node, "has attributes that do not go together");
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
