// rms_norm@1 and layer_norm@1.
#include "ops/table.h"

namespace wick::vulkan {
namespace {

struct Push {
  std::uint64_t x, w, y, bias;
  std::uint32_t part, n_parts;
  float epsilon;
  std::uint32_t padding = 0;
};

}  // namespace

void add_norm(Program& program, const sdk::GraphNode& node) {
  const bool is_layer = node.op == "layer_norm@1";
  const std::uint32_t x = program.activation(node, 0), y = node.output;
  const std::uint32_t width = program.width(x);
  if (!program.has_input(node, 1) || program.width(y) != width)
    program.refuse(node, "needs a weight, and keeps the width");
  const std::uint64_t part = program.graph().values()[node.inputs[1]].width();
  if (part == 0 || width % part != 0) program.refuse(node, "has a weight that divides no row");
  const std::uint64_t w = program.vector(node, 1, part);
  const std::uint64_t bias = program.has_input(node, 2) ? program.vector(node, 2, part) : 0;
  const auto epsilon = static_cast<float>(program.graph().real(node, "epsilon", 0.0));
  const std::uint32_t threads = part > 512 ? 256 : part > 64 ? 64 : program.can().subgroup_size;
  const auto pipeline = [&](bool halves) {
    return program.pipeline(Shader::norm, threads,
                            {{20, is_layer ? 1u : 0u}, {21, halves ? 1u : 0u}});
  };
  const std::uint64_t halved_from = program.fusions().halved_from(y);
  const VkPipeline wide = pipeline(false),
                   narrow = program.max_rows(y) >= halved_from ? pipeline(true) : wide;
  program.add_step(node, {x}, {y}, [=](Recorder& r) {
    const auto n_parts = static_cast<std::uint32_t>(r.n_rows(y) * (width / part));
    r.dispatch_many(r.n_rows(y) >= halved_from ? narrow : wide,
                    Push{r.address(x), w, r.address(y), bias, static_cast<std::uint32_t>(part),
                         n_parts, epsilon},
                    n_parts);
  });
}

}  // namespace wick::vulkan
