// short_conv@1.
#include "ops/batch_place.h"
#include "ops/table.h"

namespace wick::opencl {
namespace {
constexpr std::uint64_t kMostWidth = 64;  // an item holds so many inputs
}

void add_short_conv(Program& program, const sdk::GraphNode& node) {
  const StatePlace place = program.state(node, false);
  const std::uint32_t x = program.activation(node, 0), y = node.output;
  const std::uint32_t channels = program.width(x);
  if (place.b != channels || program.width(y) != channels)
    program.refuse(node, "has another width than its state");
  if (place.a > kMostWidth)
    fail(ErrorCode::kUnavailable, "opencl: a convolution of width ", place.a,
         " cannot be run, need at most ", kMostWidth, "; use another backend");
  const cl_mem taps = program.vector(node, 1, place.a * place.b);
  const std::uint32_t state = program.state_value(node);
  const Kernel kernel =
      program.kernel(KernelFile::short_conv, {{"WIDTH", static_cast<std::int64_t>(place.a)}});
  program.add_step(node, {x, state}, {y, state}, [=](Launcher& l) {
    l.run(kernel, items(channels, kThreads, l.n_tokens()), l.memory(x), taps, l.memory(y),
          l.batch().handle(), BatchPlace(l.batch()), l.memory(state), cl_ulong{place.block_bytes},
          channels);
  });
}

}  // namespace wick::opencl
