// short_conv@1.
#include "ops/table.h"

namespace wick::vulkan {
namespace {

constexpr std::uint64_t kMostWidth = 64;  // a thread holds so many inputs

struct Push {
  std::uint64_t x, kernel, y, tokens, runs, blocks;
  std::uint32_t channels, state_at;
};

}  // namespace

void add_short_conv(Program& program, const sdk::GraphNode& node) {
  const StatePlace place = program.state(node, false);
  const std::uint32_t x = program.activation(node, 0), y = node.output;
  const std::uint32_t channels = program.width(x);
  if (place.b != channels || program.width(y) != channels)
    program.refuse(node, "has another width than its state");
  if (place.a > kMostWidth)
    fail(ErrorCode::kUnavailable, "vulkan: a convolution of width ", place.a,
         " cannot be run, need at most ", kMostWidth, "; use another backend");
  const std::uint64_t kernel = program.vector(node, 1, place.a * place.b);
  const auto state_at = static_cast<std::uint32_t>(place.at / sizeof(float));
  const std::uint32_t state = program.state_value(node);
  const VkPipeline pipeline =
      program.pipeline(Shader::short_conv, kThreads, {{20, static_cast<std::uint32_t>(place.a)}});
  program.add_step(node, {x, state}, {y, state}, [=](Recorder& r) {
    const Batch& batch = r.batch();
    r.dispatch(pipeline,
               Push{r.address(x), kernel, r.address(y), batch.tokens(), batch.runs(),
                    batch.blocks(), channels, state_at},
               groups_of(channels, kThreads), r.n_tokens());
  });
}

}  // namespace wick::vulkan
