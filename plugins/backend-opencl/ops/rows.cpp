// embed@1, slice@1, select_rows@1: rows that are looked up or cut.
#include "ops/table.h"
#include "ops/weight_place.h"

namespace wick::opencl {
namespace {

void add_copy(Program& program, const sdk::GraphNode& node, bool select, std::uint32_t begin,
              std::uint32_t n_cols) {
  const std::uint32_t x = program.activation(node, 0), y = node.output;
  const std::uint32_t width = program.width(x);
  if (program.width(y) != n_cols) program.refuse(node, "makes another width than it says");
  const Kernel kernel = program.kernel(KernelFile::copy, {{"SELECT", select ? 1 : 0}});
  program.add_step(node, {x}, {y}, [=](Launcher& l) {
    l.run(kernel, items(n_cols, kThreads, l.n_rows(y)), l.memory(x), l.memory(y),
          l.batch().handle(), l.batch().outputs_at(), begin, n_cols, width);
  });
}

}  // namespace

void add_embed(Program& program, const sdk::GraphNode& node) {
  const BoundWeight table = program.matrix(node, 0);
  const std::uint32_t y = node.output, width = program.width(y);
  if (table.layout->n_cols != width) program.refuse(node, "has a table of another width");
  program.need_vocab(table.layout->n_rows);
  const cl_mem w = handle_of(table);
  const WeightPlace place(*table.layout);
  const Kernel kernel = program.kernel(KernelFile::embed, packing_options(table.layout->packing));
  program.add_step(node, {}, {y}, [=](Launcher& l) {
    l.run(kernel, items(groups_of(width, 4), kThreads, l.n_tokens()), w, place, l.memory(y),
          l.batch().handle(), width);
  });
}

Cut cut_of(const Program& program, const sdk::GraphNode& slice) {
  const std::uint32_t width = program.width(program.activation(slice, 0));
  const std::int64_t begin = program.graph().integer(slice, "begin", 0);
  const std::int64_t length = program.graph().integer(slice, "length", 0);
  if (begin < 0 || length <= 0 || begin > width || length > width - begin)
    program.refuse(slice, "cuts columns that do not exist");
  if (program.width(slice.output) != length)
    program.refuse(slice, "makes another width than it says");
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(length)};
}

void add_slice(Program& program, const sdk::GraphNode& node) {
  const Cut cut = cut_of(program, node);
  add_copy(program, node, false, cut.begin, cut.length);
}

void add_select_rows(Program& program, const sdk::GraphNode& node) {
  add_copy(program, node, true, 0, program.width(program.activation(node, 0)));
}

}  // namespace wick::opencl
