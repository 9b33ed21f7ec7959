// attention@1: a workgroup a token and query head, online softmax (Milakov and Gimelshein, 2018,
// arXiv 1805.02867) over chunks of THREADS positions. A thread scores one position of a chunk, then
// sums pairs of values over the positions of its part. Keys and values are in their blocks already
// (kv_write). A batch of one token has a shader of its own (attention_token).
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "functions.glsl"
#include "state.glsl"

layout(constant_id = 20) const uint HEAD_DIM = 64;
layout(constant_id = 21) const uint VALUE_DIM = 64;
layout(constant_id = 22) const uint SOFTCAP = 0;

layout(push_constant) uniform Parameters {
  Floats q, y;
  Tokens tokens;
  Runs runs;
  Blocks blocks;
  uint n_heads, n_kv_heads, window;  // window 0: none
  uint keys_at, values_at;           // pairs from the block's begin
  float scale, softcap;
} p;

const uint KEY_PAIRS = (HEAD_DIM + 1) / 2, VALUE_PAIRS = (VALUE_DIM + 1) / 2;
const uint PARTS = THREADS / VALUE_PAIRS > 0 ? THREADS / VALUE_PAIRS : 1;
const uint PAIRS_A_THREAD = (VALUE_PAIRS + THREADS - 1) / THREADS;

shared vec2 query[KEY_PAIRS];
shared float weights[THREADS];
shared vec2 sums[PARTS * VALUE_PAIRS];

float finish_score(float sum) {
  sum *= p.scale;
  return SOFTCAP != 0 ? p.softcap * exact_tanh(sum / p.softcap) : sum;
}

float score(uint first_block, uint kv_head, uint position) {
  Words block = Words(p.blocks.v[first_block + position / 32]);
  const uint at = p.keys_at + (kv_head * 32 + position % 32) * KEY_PAIRS;
  float sum = 0.0;
  if (KV_F32 == 0 && KEY_PAIRS % 4 == 0) {
    Words4 keys = Words4(block);
    [[unroll]] for (uint i = 0; i < KEY_PAIRS / 4; ++i) {
      const uvec4 four = keys.v[at / 4 + i];
      [[unroll]] for (uint j = 0; j < 4; ++j)
        sum += dot(unpackHalf2x16(four[j]), query[4 * i + j]);
    }
  } else {
    for (uint i = 0; i < KEY_PAIRS; ++i) sum += dot(load_pair(block, at + i), query[i]);
  }
  return finish_score(sum);
}

void main() {
  const uint me = gl_LocalInvocationID.x, head = gl_WorkGroupID.x, token = gl_WorkGroupID.y;
  const uint kv_head = head / (p.n_heads / p.n_kv_heads);
  const Token t = p.tokens.v[token];
  const uint first_block = p.runs.v[t.run].first_block;
  const uint first = p.window > 0 && t.position >= p.window ? t.position - p.window + 1 : 0;

  for (uint i = me; i < KEY_PAIRS; i += THREADS) {
    const uint from = (token * p.n_heads + head) * HEAD_DIM + 2 * i;
    query[i] = vec2(p.q.v[from], 2 * i + 1 < HEAD_DIM ? p.q.v[from + 1] : 0.0);
  }
  const uint part = me / VALUE_PAIRS, my_pair = me % VALUE_PAIRS;
  vec2 total[PAIRS_A_THREAD];
  [[unroll]] for (uint i = 0; i < PAIRS_A_THREAD; ++i) total[i] = vec2(0.0);
  float most = uintBitsToFloat(0xff800000u), weight_sum = 0.0;
  barrier();

  for (uint chunk = first; chunk <= t.position; chunk += THREADS) {
    const uint position = chunk + me;
    const bool is_seen = position <= t.position;
    float s = uintBitsToFloat(0xff800000u);
    if (is_seen) s = score(first_block, kv_head, position);
    const float new_most = max(most, workgroup_max(s));
    const float shrink = exact_exp(most - new_most);
    const float weight = is_seen ? exact_exp(s - new_most) : 0.0;
    most = new_most;
    barrier();
    weights[me] = weight;
    weight_sum = weight_sum * shrink + weight;
    barrier();
    const uint end = min(chunk + THREADS, t.position + 1);
    if (part < PARTS) {
      [[unroll]] for (uint i = 0; i < PAIRS_A_THREAD; ++i) total[i] *= shrink;
      // A part takes pieces of 8 positions, which lie in one block: one address, and 8 loads in flight.
      // Those outside of the chunk weigh nothing, and are read where there are numbers.
      for (uint at = chunk / 8 * 8 + part * 8; at < end; at += PARTS * 8) {
        Words block = Words(p.blocks.v[first_block + at / 32]);
        const uint rows = p.values_at + kv_head * 32 * VALUE_PAIRS;
        [[unroll]] for (uint i = 0; i < PAIRS_A_THREAD; ++i) {
          const uint pair = min(my_pair + i * THREADS, VALUE_PAIRS - 1);
          vec2 values[8];
          [[unroll]] for (uint s = 0; s < 8; ++s)
            values[s] = load_pair(block, rows + clamp(at + s, chunk, end - 1) % 32 * VALUE_PAIRS + pair);
          [[unroll]] for (uint s = 0; s < 8; ++s) {
            const bool counts = at + s >= chunk && at + s < end;
            total[i] += (counts ? weights[at + s - chunk] : 0.0) * values[s];
          }
        }
      }
    }
  }

  const float all = workgroup_sum(weight_sum);
  if (part < PARTS) {
    [[unroll]] for (uint i = 0; i < PAIRS_A_THREAD; ++i)
      if (my_pair + i * THREADS < VALUE_PAIRS) sums[part * VALUE_PAIRS + my_pair + i * THREADS] = total[i];
  }
  barrier();
  for (uint pair = me; pair < VALUE_PAIRS; pair += THREADS) {
    vec2 sum = vec2(0.0);
    for (uint i = 0; i < PARTS; ++i) sum += sums[i * VALUE_PAIRS + pair];
    const uint at = (token * p.n_heads + head) * VALUE_DIM + 2 * pair;
    p.y.v[at] = sum.x / all;
    if (2 * pair + 1 < VALUE_DIM) p.y.v[at + 1] = sum.y / all;
  }
}
