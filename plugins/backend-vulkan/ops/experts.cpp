// route@1 and combine@1; the products of experts are in matmul.cpp.
#include "ops/table.h"

namespace wick::vulkan {
namespace {

struct RoutePush {
  std::uint64_t scores, bias, y;
  std::uint32_t n_experts, n_used;
  float epsilon, scale;
};

struct CombinePush {
  std::uint64_t x, routes, y;
  std::uint32_t width, n_used;
};

}  // namespace

void add_route(Program& program, const sdk::GraphNode& node) {
  const sdk::GraphView& g = program.graph();
  const std::uint32_t scores = program.activation(node, 0), y = node.output;
  const std::uint32_t n_experts = program.width(scores);
  const std::int64_t n_used = g.integer(node, "n_used", 0), gating = g.integer(node, "gating", 0);
  if (n_used < 1 || n_used > n_experts || program.width(y) != 2 * n_used ||
      (gating != 0 && gating != 1))
    program.refuse(node, "chooses experts that do not exist");
  const std::uint64_t bias = program.has_input(node, 1) ? program.vector(node, 1, n_experts) : 0;
  const auto epsilon = static_cast<float>(g.real(node, "epsilon", 0.0)),
             scale = static_cast<float>(g.real(node, "scale", 1.0));
  const VkPipeline pipeline =
      program.pipeline(Shader::route, kThreads,
                       {{20, static_cast<std::uint32_t>(gating)},
                        {21, g.integer(node, "normalize", 0) != 0 ? 1u : 0u}});
  program.add_step(node, {scores}, {y}, [=](Recorder& r) {
    r.dispatch(pipeline,
               RoutePush{r.address(scores), bias, r.address(y), n_experts,
                         static_cast<std::uint32_t>(n_used), epsilon, scale},
               r.n_rows(y));
  });
}

void add_combine(Program& program, const sdk::GraphNode& node) {
  const std::uint32_t x = program.activation(node, 0), routes = program.activation(node, 1);
  const std::uint32_t y = node.output, width = program.width(y);
  const std::uint32_t n_used = program.width(routes) / 2;
  if (n_used == 0 || std::uint64_t{width} * n_used != program.width(x))
    program.refuse(node, "has parts of another width than the experts used");
  const VkPipeline pipeline = program.pipeline(Shader::combine, kThreads, {});
  program.add_step(node, {x, routes}, {y}, [=](Recorder& r) {
    r.dispatch(pipeline, CombinePush{r.address(x), r.address(routes), r.address(y), width, n_used},
               groups_of(width, kThreads), r.n_rows(y));
  });
}

}  // namespace wick::vulkan
