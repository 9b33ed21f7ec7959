// attention@1 of a batch of one token, and the kernel that both kinds share; see
// kernels/attention.cl.
#include "ops/attention.h"

#include <algorithm>

namespace wick::opencl {
namespace {

constexpr std::uint32_t kMostParts = 32, kPositionsAPart = kThreads;

/// Workgroups that share the past of a head, so that each core of a large device has some: a chunk
/// of positions each, until there are enough. They cost a second kernel.
std::uint32_t parts_of(const Attention& a, std::uint32_t n_positions) {
  const std::uint32_t seen = a.window > 0 ? std::min(a.window, n_positions) : n_positions;
  return std::min((seen + kPositionsAPart - 1) / kPositionsAPart, kMostParts);
}

/// Items that have a pair of values each, as many as is a power of two.
std::uint32_t columns_of(const Attention& a, std::uint32_t threads) {
  std::uint32_t columns = 1;
  while (columns < (a.value_dim + 1) / 2 && columns < threads) columns *= 2;
  return columns;
}

}  // namespace

AttentionKernel::AttentionKernel(const Program& program, const Attention& attention,
                                 const RopeUse& rope)
    : a_(attention), rope_(rope) {
  const bool is_large = program.can().nvidia && program.can().max_workgroup >= 2 * kThreads;
  threads_ = is_large && !a_.is_fresh ? 2 * kThreads : kThreads;
  kernel_ = program.kernel(KernelFile::attention, {{"KV_F32", program.precise() ? 1 : 0},
                                                   {"HEAD_DIM", a_.head_dim},
                                                   {"VALUE_DIM", a_.value_dim},
                                                   {"THREADS", threads_},
                                                   {"COLUMNS", columns_of(a_, threads_)},
                                                   {"FRESH", a_.is_fresh ? 1 : 0},
                                                   {"N_ROTARY", rope.table ? rope.n_rotary : 0},
                                                   {"HALVES", rope.layout}});
}

void AttentionKernel::run(Launcher& l, std::uint32_t n, cl_mem found) const {
  const cl_mem none = nullptr;
  l.run(kernel_, workgroups(a_.n_heads, threads_, n), l.memory(a_.q),
        a_.is_fresh ? l.memory(a_.k) : none, a_.is_fresh ? l.memory(a_.v) : none, l.memory(a_.y),
        found, l.batch().handle(), BatchPlace(l.batch()), l.memory(a_.state), a_.block_bytes,
        a_.values_at, rope_.table ? rope_.table->handle() : none, a_.n_heads, a_.n_kv_heads,
        a_.window, a_.scale, a_.softcap);
}

void add_token_attention(Program& program, const sdk::GraphNode& node, Attention a) {
  RopeUse rope{};
  const sdk::GraphNode* turns_q = program.fusions().rope_before(node, 0);
  if (turns_q) {
    rope = rope_use(program, *turns_q);
    a.q = program.activation(*turns_q, 0);
    a.k = program.activation(*program.fusions().rope_before(node, 1), 0);
  }
  a.is_fresh = true;
  const AttentionKernel attention(program, a, rope);
  const std::uint32_t pairs = (a.value_dim + 1) / 2;
  if (program.can().is_cpu) {
    program.add_step(node, {a.q, a.k, a.v, a.state}, {a.y, a.state},
                     [=](Launcher& l) { attention.run(l, 1, nullptr); });
    return;
  }
  const Kernel combine = program.kernel(KernelFile::attention_parts, {{"VALUE_DIM", a.value_dim}});
  const std::uint32_t found =
      program.scratch(std::uint64_t{a.n_heads} * kMostParts * (pairs + 1) * 2 * sizeof(float));
  program.add_step(node, {a.q, a.k, a.v, a.state}, {a.y, a.state, found}, [=](Launcher& l) {
    const std::uint32_t parts = parts_of(a, l.batch().n_positions());
    attention.run(l, parts, l.memory(found));
    constexpr std::uint32_t kItems = 64;
    if (parts > 1)
      l.run(combine, workgroups(a.n_heads, kItems, groups_of(pairs, kItems)), l.memory(found),
            l.memory(a.y), parts);
  });
}

}  // namespace wick::opencl
