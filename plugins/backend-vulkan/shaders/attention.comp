// attention@1: a workgroup a token and query head, online softmax (Milakov and Gimelshein, 2018,
// arXiv 1805.02867) over chunks of THREADS positions. A thread scores one position of a chunk, then
// sums pairs of values over the positions of its part. Keys and values are in their blocks already
// (kv_write), or, for a single token, they are taken and stored here, with rope@1 before.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "functions.glsl"
#include "state.glsl"

layout(constant_id = 20) const uint HEAD_DIM = 64;
layout(constant_id = 21) const uint VALUE_DIM = 64;
layout(constant_id = 22) const uint SOFTCAP = 0;
layout(constant_id = 23) const uint FRESH = 0;     // 1: keys and values of the token come as inputs
layout(constant_id = 24) const uint HALVES = 0;    // layout of rope@1
layout(constant_id = 25) const uint N_ROTARY = 0;  // 0: no rope@1 here

layout(push_constant) uniform Parameters {
  Floats q, y, k, v;
  Tokens tokens;
  Runs runs;
  Blocks blocks;
  Words2 table;  // of rope.comp
  uint n_heads, n_kv_heads, window;  // window 0: none
  uint keys_at, values_at;           // pairs from the block's begin
  float scale, softcap;
} p;

const uint KEY_PAIRS = (HEAD_DIM + 1) / 2, VALUE_PAIRS = (VALUE_DIM + 1) / 2;
const uint PARTS = THREADS / VALUE_PAIRS > 0 ? THREADS / VALUE_PAIRS : 1;
const uint PAIRS_A_THREAD = (VALUE_PAIRS + THREADS - 1) / THREADS;

shared vec2 query[KEY_PAIRS];
shared vec2 key[FRESH != 0 ? KEY_PAIRS : 1];
shared float weights[THREADS];
shared vec2 sums[PARTS * VALUE_PAIRS];

// Value d of a head that begins at `first`, turned as rope@1 does.
float turned(Floats x, uint first, uint d, uint position) {
  if (d >= HEAD_DIM) return 0.0;
  if (d >= N_ROTARY) return x.v[first + d];
  const uint n_pairs = N_ROTARY / 2, pair = HALVES != 0 ? d % n_pairs : d / 2;
  const uint a = first + (HALVES != 0 ? pair : 2 * pair), b = HALVES != 0 ? a + n_pairs : a + 1;
  const vec2 turn = uintBitsToFloat(p.table.v[position * n_pairs + pair]);
  const bool is_second = HALVES != 0 ? d >= n_pairs : d % 2 == 1;
  return is_second ? x.v[a] * turn.y + x.v[b] * turn.x : x.v[a] * turn.x - x.v[b] * turn.y;
}

vec2 turned_pair(Floats x, uint first, uint pair, uint position) {
  return vec2(turned(x, first, 2 * pair, position), turned(x, first, 2 * pair + 1, position));
}

vec2 fresh_value(uint first, uint pair) {
  return vec2(p.v.v[first + 2 * pair], 2 * pair + 1 < VALUE_DIM ? p.v.v[first + 2 * pair + 1] : 0.0);
}

// The first of the query heads that share keys stores them.
void take_fresh(uint kv_head, bool stores, Words block, uint slot, uint position) {
  for (uint i = gl_LocalInvocationID.x; i < KEY_PAIRS; i += THREADS) {
    key[i] = turned_pair(p.k, kv_head * HEAD_DIM, i, position);
    if (stores) store_pair(block, p.keys_at + (kv_head * 32 + slot) * KEY_PAIRS + i, key[i]);
  }
  if (stores)
    for (uint i = gl_LocalInvocationID.x; i < VALUE_PAIRS; i += THREADS)
      store_pair(block, p.values_at + (kv_head * 32 + slot) * VALUE_PAIRS + i,
                 fresh_value(kv_head * VALUE_DIM, i));
}

float finish_score(float sum) {
  sum *= p.scale;
  return SOFTCAP != 0 ? p.softcap * exact_tanh(sum / p.softcap) : sum;
}

float fresh_score() {
  float sum = 0.0;
  for (uint i = 0; i < KEY_PAIRS; ++i) sum += dot(key[i], query[i]);
  return finish_score(sum);
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
    query[i] = turned_pair(p.q, (token * p.n_heads + head) * HEAD_DIM, i, t.position);
  }
  if (FRESH != 0) {
    Words block = Words(p.blocks.v[first_block + t.position / 32]);
    take_fresh(kv_head, head % (p.n_heads / p.n_kv_heads) == 0, block, t.position % 32, t.position);
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
    if (FRESH != 0 && position == t.position)
      s = fresh_score();
    else if (is_seen)
      s = score(first_block, kv_head, position);
    const float new_most = max(most, workgroup_max(s));
    const float shrink = exact_exp(most - new_most);
    const float weight = is_seen ? exact_exp(s - new_most) : 0.0;
    most = new_most;
    barrier();
    weights[me] = weight;
    weight_sum = weight_sum * shrink + weight;
    barrier();
    // Positions whose values lie in blocks; the token's own may be on their way there.
    const uint end = min(chunk + THREADS, FRESH != 0 ? t.position : t.position + 1);
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
      if (FRESH != 0 && part == 0 && t.position < chunk + THREADS) {
        [[unroll]] for (uint i = 0; i < PAIRS_A_THREAD; ++i)
          total[i] += weights[t.position - chunk] *
                      fresh_value(kv_head * VALUE_DIM, min(my_pair + i * THREADS, VALUE_PAIRS - 1));
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
