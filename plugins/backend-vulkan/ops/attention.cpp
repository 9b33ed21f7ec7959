// attention@1: keys and values to their blocks, then each query head over its past.
#include "ops/attention.h"

namespace wick::vulkan {
namespace {

constexpr std::uint32_t kMostDim = 2048;  // a head's query and sums lie in shared memory

struct WritePush {
  std::uint64_t k, v, tokens, runs, blocks;
  std::uint32_t n_kv_heads, head_dim, value_dim, keys_at, values_at;
  std::uint32_t padding = 0;
};

Attention read_node(const Program& program, const sdk::GraphNode& node) {
  const sdk::GraphView& g = program.graph();
  const StatePlace& place = program.state(node, true);
  const std::int64_t n_heads = g.integer(node, "n_heads", 0);
  const std::int64_t n_kv_heads = g.integer(node, "n_kv_heads", n_heads);
  const std::int64_t head_dim = g.integer(node, "head_dim", 0);
  const std::int64_t value_dim = g.integer(node, "value_dim", head_dim);
  const auto as = [](std::int64_t n) { return static_cast<std::uint32_t>(n); };
  if (n_heads <= 0 || n_kv_heads <= 0 || n_heads % n_kv_heads != 0 || head_dim <= 0 ||
      value_dim <= 0 || as(n_kv_heads) != place.a || as(head_dim) != place.b ||
      as(value_dim) != place.c)
    program.refuse(node, "has heads that do not fit each other or their state");
  if (head_dim > kMostDim || value_dim > kMostDim)
    fail(ErrorCode::kUnavailable, "vulkan: attention with heads of ", head_dim, " and ", value_dim,
         " values cannot be run, need at most ", kMostDim, "; use another backend");
  Attention a{};
  a.q = program.activation(node, 0), a.k = program.activation(node, 1);
  a.v = program.activation(node, 2), a.y = node.output;
  a.state = program.state_value(node);
  a.n_heads = as(n_heads), a.n_kv_heads = as(n_kv_heads);
  a.head_dim = as(head_dim), a.value_dim = as(value_dim);
  const std::int64_t window = g.integer(node, "window", 0);
  a.window = window > 0 && window < 0x7fffffff ? as(window) : 0;
  const std::uint32_t pair_bytes = program.states().pair_bytes;
  a.keys_at = static_cast<std::uint32_t>(place.at / pair_bytes);
  a.values_at = static_cast<std::uint32_t>(place.values_at / pair_bytes);
  a.scale = static_cast<float>(g.real(node, "scale", 1.0));
  a.softcap = static_cast<float>(g.real(node, "softcap", 0.0));
  if (program.width(a.q) != n_heads * head_dim || program.width(a.k) != n_kv_heads * head_dim ||
      program.width(a.v) != n_kv_heads * value_dim || program.width(a.y) != n_heads * value_dim)
    program.refuse(node, "has inputs of other widths than its heads");
  return a;
}

}  // namespace

Constants attention_constants(const Program& program, const Attention& a) {
  return {{12, program.precise() ? 1u : 0u},
          {20, a.head_dim},
          {21, a.value_dim},
          {22, a.softcap != 0.0f ? 1u : 0u}};
}

AttentionPush attention_push(const Attention& a, const Recorder& r) {
  const Batch& batch = r.batch();
  return {r.address(a.q), r.address(a.y), batch.tokens(), batch.runs(), batch.blocks(),
          a.n_heads,      a.n_kv_heads,   a.window,       a.keys_at,    a.values_at,
          a.scale,        a.softcap,      r.n_tokens()};
}

void add_attention(Program& program, const sdk::GraphNode& node) {
  const Attention a = read_node(program, node);
  if (program.fusions().is_fresh()) return add_token_attention(program, node, a);
  const VkPipeline write =
      program.pipeline(Shader::kv_write, kThreads, {{12, program.precise() ? 1u : 0u}});
  const VkPipeline pipeline =
      program.pipeline(Shader::attention, kThreads, attention_constants(program, a));
  const std::uint64_t pairs =
      std::uint64_t{a.n_kv_heads} * ((a.head_dim + 1) / 2 + (a.value_dim + 1) / 2);
  program.add_step(node, {a.k, a.v, a.state}, {a.state}, [=](Recorder& r) {
    const Batch& batch = r.batch();
    r.dispatch(
        write,
        WritePush{r.address(a.k), r.address(a.v), batch.tokens(), batch.runs(), batch.blocks(),
                  a.n_kv_heads, a.head_dim, a.value_dim, a.keys_at, a.values_at},
        groups_of(pairs, kThreads), r.n_tokens());
  });
  std::function<void(Recorder&)> prompt;
  if (program.fusions().has_prompt(node) && program.max_tokens() > kFewTokens)
    prompt = prompt_attention(program, a);
  program.add_step(node, {a.q, a.state}, {a.y}, [=](Recorder& r) {
    if (prompt && r.n_tokens() > kFewTokens) return prompt(r);
    r.dispatch(pipeline, attention_push(a, r), a.n_heads, r.n_tokens());
  });
}

}  // namespace wick::vulkan
