// attention@1 behind kv_write: a workgroup a token and query head, online softmax (Milakov and
// Gimelshein, 2018, arXiv 1805.02867) over chunks of THREADS positions. A thread scores one position
// of a chunk, then sums pairs of values over the positions of its part.
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

float score(uint first_block, uint kv_head, uint position) {
  Words block = p.blocks.v[first_block + position / 32];
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
  sum *= p.scale;
  return SOFTCAP != 0 ? p.softcap * exact_tanh(sum / p.softcap) : sum;
}

void main() {
  const uint me = gl_LocalInvocationID.x, head = gl_WorkGroupID.x, token = gl_WorkGroupID.y;
  const uint kv_head = head / (p.n_heads / p.n_kv_heads);
  const Token t = p.tokens.v[token];
  const uint first_block = p.runs.v[t.run].first_block;
  const uint first = p.window > 0 && t.position >= p.window ? t.position - p.window + 1 : 0;

  for (uint i = me; i < KEY_PAIRS; i += THREADS) {
    const uint at = (token * p.n_heads + head) * HEAD_DIM + 2 * i;
    query[i] = vec2(p.q.v[at], 2 * i + 1 < HEAD_DIM ? p.q.v[at + 1] : 0.0);
  }
  const uint part = me / VALUE_PAIRS, my_pair = me % VALUE_PAIRS;
  vec2 total[PAIRS_A_THREAD];
  [[unroll]] for (uint i = 0; i < PAIRS_A_THREAD; ++i) total[i] = vec2(0.0);
  float most = uintBitsToFloat(0xff800000u), weight_sum = 0.0;
  barrier();

  for (uint chunk = first; chunk <= t.position; chunk += THREADS) {
    const uint position = chunk + me;
    const bool is_seen = position <= t.position;
    const float s = is_seen ? score(first_block, kv_head, position) : uintBitsToFloat(0xff800000u);
    const float new_most = max(most, workgroup_max(s));
    const float shrink = exact_exp(most - new_most);
    const float weight = is_seen ? exact_exp(s - new_most) : 0.0;
    most = new_most;
    barrier();
    weights[me] = weight;
    weight_sum = weight_sum * shrink + weight;
    barrier();
    const uint n = min(THREADS, t.position - chunk + 1);
    if (part < PARTS) {
      [[unroll]] for (uint i = 0; i < PAIRS_A_THREAD; ++i) {
        const uint pair = my_pair + i * THREADS;
        vec2 sum = total[i] * shrink;
        if (pair < VALUE_PAIRS)
          for (uint s = part; s < n; s += PARTS) {
            const uint at = chunk + s;
            Words block = p.blocks.v[first_block + at / 32];
            sum += weights[s] *
                   load_pair(block, p.values_at + (kv_head * 32 + at % 32) * VALUE_PAIRS + pair);
          }
        total[i] = sum;
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
