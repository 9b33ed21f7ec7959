// The first step of attention@1: keys and values of the batch go to their blocks; a thread a pair.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "state.glsl"

layout(push_constant) uniform Parameters {
  Floats k, v;
  Tokens tokens;
  Runs runs;
  Blocks blocks;
  uint n_kv_heads, head_dim, value_dim;
  uint keys_at, values_at;  // pairs from the block's begin
} p;

void store(Floats from, uint dim, uint at, uint index, uint token, uint slot, Words block) {
  const uint n_pairs = (dim + 1) / 2, head = index / n_pairs, pair = index % n_pairs;
  const uint first = (token * p.n_kv_heads + head) * dim + 2 * pair;
  const vec2 both = vec2(from.v[first], 2 * pair + 1 < dim ? from.v[first + 1] : 0.0);
  store_pair(block, at + (head * 32 + slot) * n_pairs + pair, both);
}

void main() {
  const uint index = gl_WorkGroupID.x * THREADS + gl_LocalInvocationID.x, token = gl_WorkGroupID.y;
  const uint n_keys = p.n_kv_heads * ((p.head_dim + 1) / 2);
  const uint n_values = p.n_kv_heads * ((p.value_dim + 1) / 2);
  if (index >= n_keys + n_values) return;
  const Token t = p.tokens.v[token];
  Words block = Words(p.blocks.v[p.runs.v[t.run].first_block + t.position / 32]);
  if (index < n_keys)
    store(p.k, p.head_dim, p.keys_at, index, token, t.position % 32, block);
  else
    store(p.v, p.value_dim, p.values_at, index - n_keys, token, t.position % 32, block);
}
