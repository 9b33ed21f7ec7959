// top_k@1: dispatches that each keep the k first of every piece; see shaders/top_k.comp.
#include "ops/table.h"

namespace wick::vulkan {
namespace {

constexpr std::uint32_t kPiece = 1024;  // as in the shader
constexpr std::uint32_t kMostK = 512;   // so that a row gets shorter every time

struct Push {
  std::uint64_t x, y, from, to;
  std::uint32_t width, n_from, n_to, k;
};

}  // namespace

void add_top_k(Program& program, const sdk::GraphNode& node) {
  const std::uint32_t x = program.activation(node, 0), y = node.output;
  const std::uint32_t width = program.width(x);
  const std::int64_t wanted = program.graph().integer(node, "k", 0);
  if (wanted < 1 || wanted > width || program.width(y) != 2 * wanted)
    program.refuse(node, "wants more columns than there are, or none");
  if (wanted > kMostK)
    fail(ErrorCode::kUnavailable, "vulkan: the ", wanted, " largest of a row cannot be found, need",
         " at most ", kMostK, "; use another backend");
  const auto k = static_cast<std::uint32_t>(wanted);
  const std::uint32_t threads =
      program.can().max_workgroup >= 2 * kThreads ? 2 * kThreads : kThreads;
  std::uint32_t from = WICK_NONE;
  for (std::uint32_t n_from = width; n_from > 0;) {
    const auto n_pieces = static_cast<std::uint32_t>(groups_of(n_from, kPiece));
    const bool is_first = from == WICK_NONE, is_last = n_pieces == 1;
    const std::uint32_t n_to = is_last ? 0 : n_pieces * k;
    const std::uint32_t to =
        is_last ? WICK_NONE
                : program.scratch(program.max_rows(y) * n_to * 2 * sizeof(std::uint32_t));
    const VkPipeline pipeline = program.pipeline(
        Shader::top_k, threads, {{20, is_first ? 1u : 0u}, {21, is_last ? 1u : 0u}});
    std::vector<std::uint32_t> reads{x}, writes{is_last ? y : to};
    if (!is_first) reads.push_back(from);
    program.add_step(node, std::move(reads), std::move(writes), [=](Recorder& r) {
      const auto place = [&](std::uint32_t value) {
        return value == WICK_NONE ? std::uint64_t{0} : r.address(value);
      };
      r.dispatch(pipeline,
                 Push{r.address(x), is_last ? r.address(y) : 0, place(from), place(to), width,
                      n_from, n_to, k},
                 n_pieces, r.n_rows(y));
    });
    from = to;
    n_from = n_to;
  }
}

}  // namespace wick::vulkan
