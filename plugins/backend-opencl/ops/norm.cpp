// rms_norm@1 and layer_norm@1.
#include "ops/table.h"

namespace wick::opencl {

void add_norm(Program& program, const sdk::GraphNode& node) {
  const bool is_layer = node.op == "layer_norm@1";
  const std::uint32_t x = program.activation(node, 0), y = node.output;
  const std::uint32_t width = program.width(x);
  if (!program.has_input(node, 1) || program.width(y) != width)
    program.refuse(node, "needs a weight, and keeps the width");
  const std::uint64_t length = program.graph().values()[node.inputs[1]].width();
  if (length == 0 || width % length != 0) program.refuse(node, "has a weight that divides no row");
  const auto part = static_cast<std::uint32_t>(length);
  const cl_mem w = program.vector(node, 1, part);
  const cl_mem bias = program.has_input(node, 2) ? program.vector(node, 2, part) : nullptr;
  const auto epsilon = static_cast<float>(program.graph().real(node, "epsilon", 0.0));
  const std::uint32_t threads =
      program.can().is_cpu ? 16
      : part > 512         ? kThreads * 2 <= program.can().max_workgroup ? kThreads * 2 : kThreads
                           : 64;
  const Kernel kernel = program.kernel(KernelFile::norm, {{"IS_LAYER", is_layer ? 1 : 0}});
  program.add_step(node, {x}, {y}, [=](Launcher& l) {
    l.run(kernel, workgroups(l.n_rows(y) * (width / part), threads), l.memory(x), w, bias,
          l.memory(y), part, epsilon, LocalBytes{threads * sizeof(float)});
  });
}

}  // namespace wick::opencl
