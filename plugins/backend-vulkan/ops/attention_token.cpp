// attention@1 of a batch of one token; see shaders/attention_token.comp.
#include "ops/attention.h"

#include <algorithm>

namespace wick::vulkan {
namespace {

constexpr std::uint32_t kChunk = 64, kLanes = 4;  // as in the shader
constexpr std::uint32_t kMostHeads = 8;           // of a workgroup: their sums lie in registers
// Workgroups of a long context: enough for every core of a large device, and few enough for one of
// them to put the parts of its column together. A device of software has few cores.
constexpr std::uint32_t kWorkgroups = 256, kMostParts = 32, kSoftwareParts = 4;

struct Push {
  std::uint64_t q, y, k, v, tokens, blocks, table, found, arrived;
  std::uint32_t n_kv_heads, columns_a_kv_head, window, keys_at, values_at;
  float scale, softcap;
  std::uint32_t padding = 0;
};

struct Shape {
  std::uint32_t heads, columns, parts;
};

std::uint32_t parts_of(std::uint32_t columns, const Capabilities& can) {
  return std::clamp(kWorkgroups / columns, 1u, can.is_cpu ? kSoftwareParts : kMostParts);
}

std::uint64_t shared_bytes(const Attention& a, std::uint32_t heads, std::uint32_t parts) {
  const std::uint64_t key_pairs = (a.head_dim + 1) / 2, value_pairs = (a.value_dim + 1) / 2;
  const std::uint64_t sums = std::max<std::uint64_t>(kThreads, value_pairs);
  constexpr std::uint64_t kRest = 2048;
  return key_pairs * 8 + kRest +
         heads * (key_pairs * 8 + kChunk * (kLanes + 1) * 4 + sums * 8 + parts * 12 + 8);
}

/// The more heads of a kv head a workgroup serves, the fewer times its keys and values are read.
Shape shape_of(const Attention& a, const Capabilities& can) {
  const std::uint32_t group = a.n_heads / a.n_kv_heads;
  Shape shape{};
  for (std::uint32_t heads = std::min(group, kMostHeads); heads >= 1; --heads) {
    if (group % heads != 0) continue;
    const std::uint32_t columns = a.n_heads / heads;
    shape = {heads, columns, parts_of(columns, can)};
    if (shared_bytes(a, heads, shape.parts) <= can.shared_bytes) break;
  }
  return shape;
}

}  // namespace

void add_token_attention(Program& program, const sdk::GraphNode& node, Attention a) {
  const sdk::GraphNode* turns_q = program.fusions().rope_before(node, 0);
  const sdk::GraphNode* turns_k = program.fusions().rope_before(node, 1);
  RopeUse rope{};
  if (turns_q) {
    rope = rope_use(program, *turns_q);
    a.q = program.activation(*turns_q, 0);
    a.k = program.activation(*turns_k, 0);
  }
  const Shape shape = shape_of(a, program.can());
  Constants c = attention_constants(program, a);
  c.insert(c.end(), {{23, rope.layout}, {24, rope.n_rotary}, {25, shape.heads}, {26, shape.parts}});
  const VkPipeline pipeline = program.pipeline(Shader::attention_token, kThreads, c);
  // Of every part and head: pairs of values, and (most, sum of weights).
  const std::uint64_t pairs = (a.value_dim + 1) / 2 + 1;
  const std::uint32_t found =
      program.scratch(std::uint64_t{a.n_heads} * shape.parts * pairs * 2 * sizeof(float));
  const std::uint32_t arrived = program.counters(shape.columns);
  program.add_step(node, {a.q, a.k, a.v, a.state}, {a.y, a.state, found}, [=](Recorder& r) {
    const Batch& batch = r.batch();
    const Push push{r.address(a.q),
                    r.address(a.y),
                    r.address(a.k),
                    r.address(a.v),
                    batch.tokens(),
                    batch.blocks(),
                    rope.table ? rope.table->address() : 0,
                    r.address(found),
                    r.counter(arrived),
                    a.n_kv_heads,
                    a.n_heads / a.n_kv_heads / shape.heads,
                    a.window,
                    a.keys_at,
                    a.values_at,
                    a.scale,
                    a.softcap};
    r.dispatch(pipeline, push, shape.columns, shape.parts);
  });
}

}  // namespace wick::vulkan
