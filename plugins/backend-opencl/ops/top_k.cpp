// top_k@1: kernels that each keep the k first of every piece; see kernels/top_k.cl.
#include "ops/table.h"

namespace wick::opencl {
namespace {

constexpr std::uint32_t kPiece = 1024;  // as in the kernel
constexpr std::uint32_t kMostK = 512;   // so that a row gets shorter every time

}  // namespace

void add_top_k(Program& program, const sdk::GraphNode& node) {
  const std::uint32_t x = program.activation(node, 0), y = node.output;
  const std::uint32_t width = program.width(x);
  const std::int64_t wanted = program.graph().integer(node, "k", 0);
  if (wanted < 1 || wanted > width || program.width(y) != 2 * wanted)
    program.refuse(node, "wants more columns than there are, or none");
  if (wanted > kMostK)
    fail(ErrorCode::kUnavailable, "opencl: the ", wanted, " largest of a row cannot be found, need",
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
    const Kernel kernel = program.kernel(
        KernelFile::top_k, {{"IS_FIRST", is_first ? 1 : 0}, {"IS_LAST", is_last ? 1 : 0}});
    std::vector<std::uint32_t> reads{x}, writes{is_last ? y : to};
    if (!is_first) reads.push_back(from);
    program.add_step(node, std::move(reads), std::move(writes), [=](Launcher& l) {
      l.run(kernel, workgroups(n_pieces, threads, l.n_rows(y)), l.memory(x),
            is_last ? l.memory(y) : nullptr, l.optional(from), l.optional(to), width, n_from, n_to,
            k);
    });
    from = to;
    n_from = n_to;
  }
}

}  // namespace wick::opencl
