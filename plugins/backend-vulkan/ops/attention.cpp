// attention@1: keys and values to their blocks, then each query head over its past.
#include <algorithm>
#include <optional>

#include "ops/table.h"

namespace wick::vulkan {
namespace {

constexpr std::uint32_t kMostDim = 2048;  // a head's query and sums lie in shared memory

struct WritePush {
  std::uint64_t k, v, tokens, runs, blocks;
  std::uint32_t n_kv_heads, head_dim, value_dim, keys_at, values_at;
  std::uint32_t padding = 0;
};

struct Push {
  std::uint64_t q, y, k, v, tokens, runs, blocks, table;
  std::uint32_t n_heads, n_kv_heads, window, keys_at, values_at;
  float scale, softcap;
  std::uint32_t n_tokens;
};

struct Attention {
  std::uint32_t q, k, v, y, state;  // values
  std::uint32_t n_heads, n_kv_heads, head_dim, value_dim, window, keys_at, values_at;
  float scale, softcap;
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
  a.state = program.first_state() + node.state;
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

Constants constants_of(const Program& program, const Attention& a) {
  return {{12, program.precise() ? 1u : 0u},
          {20, a.head_dim},
          {21, a.value_dim},
          {22, a.softcap != 0.0f ? 1u : 0u}};
}

Push push_of(const Attention& a, const Recorder& r, const RopeTable* table) {
  const Batch& batch = r.batch();
  return {r.address(a.q), r.address(a.y), r.address(a.k), r.address(a.v),
          batch.tokens(), batch.runs(),   batch.blocks(), table ? table->address() : 0,
          a.n_heads,      a.n_kv_heads,   a.window,       a.keys_at,
          a.values_at,    a.scale,        a.softcap,      r.n_tokens()};
}

/// One token: its keys and values are taken, turned, used and stored by one dispatch.
void add_fresh(Program& program, const sdk::GraphNode& node, Attention a) {
  const sdk::GraphNode* turns_q = program.fusions().rope_before(node, 0);
  const sdk::GraphNode* turns_k = program.fusions().rope_before(node, 1);
  RopeUse rope{};
  if (turns_q) {
    rope = rope_use(program, *turns_q);
    a.q = program.activation(*turns_q, 0);
    a.k = program.activation(*turns_k, 0);
  }
  constexpr std::uint32_t kMany = 512;  // positions at once
  const std::uint32_t threads = program.can().max_workgroup >= kMany ? kMany : kThreads;
  Constants c = constants_of(program, a);
  c.insert(c.end(), {{23, 1}, {24, rope.layout}, {25, rope.n_rotary}});
  const VkPipeline pipeline = program.pipeline(Shader::attention, threads, c);
  program.add_step(node, {a.q, a.k, a.v, a.state}, {a.y, a.state}, [=](Recorder& r) {
    r.dispatch(pipeline, push_of(a, r, rope.table), a.n_heads, r.n_tokens());
  });
}

/// shaders/prompt.comp, where Fusions::has_prompt.
class Prompt {
 public:
  Prompt(const Program& program, const Attention& a)
      : program_(program), attention_(a), halved_from_(program.fusions().halved_from(a.y)) {
    const std::uint32_t sharers = a.n_heads / a.n_kv_heads;
    heads_ = kRows % sharers == 0 ? sharers : 1;
    pipeline(program.max_tokens());
  }
  void record(Recorder& r) const {
    r.dispatch(pipeline(r.n_tokens()), push_of(attention_, r, nullptr), attention_.n_heads / heads_,
               groups_of(std::uint64_t{r.n_tokens()} * heads_, kRows));
  }

 private:
  static constexpr std::uint32_t kRows = 64;  // of a workgroup

  VkPipeline pipeline(std::uint32_t n_tokens) const {
    const Attention& a = attention_;
    const std::uint32_t most = std::max(a.head_dim, a.value_dim);
    return program_.pipeline(Shader::prompt, kThreads,
                             {{20, a.head_dim},
                              {21, a.value_dim},
                              {22, a.softcap != 0.0f ? 1u : 0u},
                              {23, heads_},
                              {24, n_tokens >= halved_from_ ? 1u : 0u},
                              {25, most <= 128 ? 64u : 32u}});
  }

  const Program& program_;
  Attention attention_;
  std::uint64_t halved_from_;
  std::uint32_t heads_;  // of a workgroup
};

}  // namespace

void add_attention(Program& program, const sdk::GraphNode& node) {
  const Attention a = read_node(program, node);
  if (program.fusions().is_fresh()) return add_fresh(program, node, a);
  const VkPipeline write =
      program.pipeline(Shader::kv_write, kThreads, {{12, program.precise() ? 1u : 0u}});
  const VkPipeline pipeline =
      program.pipeline(Shader::attention, kThreads, constants_of(program, a));
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
  std::optional<Prompt> prompt;
  if (program.fusions().has_prompt(node) && program.max_tokens() > kFewTokens)
    prompt.emplace(program, a);
  program.add_step(node, {a.q, a.state}, {a.y}, [=](Recorder& r) {
    if (prompt && r.n_tokens() > kFewTokens) return prompt->record(r);
    r.dispatch(pipeline, push_of(a, r, nullptr), a.n_heads, r.n_tokens());
  });
}

}  // namespace wick::vulkan
