// route@1 and combine@1; the products of experts are in matmul.cpp.
#include "ops/table.h"

namespace wick::opencl {

void add_route(Program& program, const sdk::GraphNode& node) {
  const sdk::GraphView& g = program.graph();
  const std::uint32_t scores = program.activation(node, 0), y = node.output;
  const std::uint32_t n_experts = program.width(scores);
  const std::int64_t wanted = g.integer(node, "n_used", 0), gating = g.integer(node, "gating", 0);
  if (wanted < 1 || wanted > n_experts || program.width(y) != 2 * wanted ||
      (gating != 0 && gating != 1))
    program.refuse(node, "chooses experts that do not exist");
  const auto n_used = static_cast<std::uint32_t>(wanted);
  const cl_mem bias = program.has_input(node, 1) ? program.vector(node, 1, n_experts) : nullptr;
  const auto epsilon = static_cast<float>(g.real(node, "epsilon", 0.0)),
             scale = static_cast<float>(g.real(node, "scale", 1.0));
  const Kernel kernel = program.kernel(
      KernelFile::route,
      {{"SIGMOID", gating}, {"NORMALIZE", g.integer(node, "normalize", 0) != 0 ? 1 : 0}});
  program.add_step(node, {scores}, {y}, [=](Launcher& l) {
    l.run(kernel, workgroups(l.n_rows(y), kThreads), l.memory(scores), bias, l.memory(y), n_experts,
          n_used, epsilon, scale, LocalBytes{kThreads * sizeof(float)});
  });
}

void add_combine(Program& program, const sdk::GraphNode& node) {
  const std::uint32_t x = program.activation(node, 0), routes = program.activation(node, 1);
  const std::uint32_t y = node.output, width = program.width(y);
  const std::uint32_t n_used = program.width(routes) / 2;
  if (n_used == 0 || std::uint64_t{width} * n_used != program.width(x))
    program.refuse(node, "has parts of another width than the experts used");
  const Kernel kernel = program.kernel(KernelFile::combine, {});
  program.add_step(node, {x, routes}, {y}, [=](Launcher& l) {
    l.run(kernel, items(width, kThreads, l.n_rows(y)), l.memory(x), l.memory(routes), l.memory(y),
          width, n_used);
  });
}

}  // namespace wick::opencl
