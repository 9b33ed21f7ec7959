// attention@1 for a batch of one token, whose keys and values are taken, turned (rope@1), stored and
// used here. A column of workgroups serves HEADS query heads of one kv head, and so reads keys and
// values once for them; up to PARTS workgroups of it share the positions. The last one that is done
// puts together what they found, in the order of the parts: no second dispatch has to wait.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "functions.glsl"
#include "state.glsl"

layout(constant_id = 20) const uint HEAD_DIM = 64;
layout(constant_id = 21) const uint VALUE_DIM = 64;
layout(constant_id = 22) const uint SOFTCAP = 0;
layout(constant_id = 23) const uint HALVES = 0;    // layout of rope@1
layout(constant_id = 24) const uint N_ROTARY = 0;  // 0: no rope@1 here
layout(constant_id = 25) const uint HEADS = 1;
layout(constant_id = 26) const uint PARTS = 1;

layout(buffer_reference, std430, buffer_reference_align = 8) coherent buffer Sums { vec2 v[]; };
layout(buffer_reference, std430, buffer_reference_align = 4) coherent buffer Counters { uint v[]; };

layout(push_constant) uniform Parameters {
  Floats q, y, k, v;
  Tokens tokens;
  Blocks blocks;  // of the one run
  Words2 table;  // of rope.comp
  Sums found;         // [column][part][head] of its values' pairs, then of (most, sum of weights)
  Counters arrived;   // [column], 0 between runs
  uint n_kv_heads, columns_a_kv_head, window;  // window 0: none
  uint keys_at, values_at;                     // pairs from the block's begin
  float scale, softcap;
} p;

const uint KEY_PAIRS = (HEAD_DIM + 1) / 2, VALUE_PAIRS = (VALUE_DIM + 1) / 2;
const uint CHUNK = 64;  // positions at once; a multiple of a block's 32
const uint LANES = 4;   // threads that share a key: they take units of pairs by turns
const uint UNIT = KV_F32 != 0 ? 1u : KEY_PAIRS % 4 != 0 ? 1u : 4u, UNITS = KEY_PAIRS / UNIT;
const uint STEP = THREADS / LANES;
// Threads are a grid of value pairs by pieces of positions; a piece lies in one block.
const uint ROWS = THREADS / VALUE_PAIRS > 16 ? 16 : THREADS / VALUE_PAIRS > 0 ? THREADS / VALUE_PAIRS : 1;
const uint PIECE = ROWS > 8 ? 4 : ROWS > 4 ? 8 : ROWS > 2 ? 16 : 32;
const uint PAIRS_A_THREAD = (VALUE_PAIRS + THREADS - 1) / THREADS;

shared vec2 query[HEADS * KEY_PAIRS];
shared vec2 key[KEY_PAIRS];
shared float products[HEADS * CHUNK * LANES];
shared float weights[HEADS * CHUNK];
shared vec2 of_heads[HEADS];  // (most so far, sum of weights)
shared vec2 sums[HEADS * ROWS * VALUE_PAIRS];
shared vec2 of_parts[HEADS * PARTS];
shared float factors[HEADS * PARTS];
shared uint n_before;

// Of this workgroup, and of each thread.
uint kv_head, first, last;     // positions first..last are seen
uvec2 blocks[CHUNK / 32];      // addresses of a chunk's blocks
float most[HEADS], weight_sum[HEADS];
vec2 total[PAIRS_A_THREAD * HEADS];

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

vec2 fresh_value(uint pair) {
  const uint first = kv_head * VALUE_DIM + 2 * pair;
  return vec2(p.v.v[first], 2 * pair + 1 < VALUE_DIM ? p.v.v[first + 1] : 0.0);
}

void take_fresh(bool stores) {
  Words block = Words(p.blocks.v[last / 32]);
  const uint row = kv_head * 32 + last % 32;
  for (uint i = gl_LocalInvocationID.x; i < KEY_PAIRS; i += THREADS) {
    key[i] = turned_pair(p.k, kv_head * HEAD_DIM, i, last);
    if (stores) store_pair(block, p.keys_at + row * KEY_PAIRS + i, key[i]);
  }
  if (stores)
    for (uint i = gl_LocalInvocationID.x; i < VALUE_PAIRS; i += THREADS)
      store_pair(block, p.values_at + row * VALUE_PAIRS + i, fresh_value(i));
}

// Loads that need not wait for one another are never behind a branch: they are on their way together.
void fetch_blocks(uint chunk, out uvec2 addresses[CHUNK / 32]) {
  [[unroll]] for (uint i = 0; i < CHUNK / 32; ++i)
    addresses[i] = p.blocks.v[min(chunk * (CHUNK / 32) + i, last / 32)];
}

// A lane's part of the products of all heads with the key that lies at `at`.
void multiply_key(Words block, uint at, uint lane, inout float sum[HEADS]) {
  [[unroll]] for (uint u = 0; u < (UNITS + LANES - 1) / LANES; ++u) {
    const uint pair = (u * LANES + lane) * UNIT;
    if (UNITS % LANES != 0 && pair >= KEY_PAIRS) continue;
    if (UNIT == 4) {
      const uvec4 four = Words4(block).v[(at + pair) / 4];
      [[unroll]] for (uint j = 0; j < 4; ++j)
        [[unroll]] for (uint h = 0; h < HEADS; ++h)
          sum[h] += dot(unpackHalf2x16(four[j]), query[h * KEY_PAIRS + pair + j]);
    } else {
      const vec2 one = load_pair(block, at + pair);
      [[unroll]] for (uint h = 0; h < HEADS; ++h) sum[h] += dot(one, query[h * KEY_PAIRS + pair]);
    }
  }
}

// Keys that are not seen are multiplied too, and never looked at: their block is there.
void multiply_keys(uint chunk) {
  const uint me = gl_LocalInvocationID.x, lane = me % LANES;
  [[unroll]] for (uint first_row = 0; first_row < CHUNK; first_row += STEP) {
    const uint row = first_row + me / LANES;
    float sum[HEADS];
    [[unroll]] for (uint h = 0; h < HEADS; ++h) sum[h] = 0.0;
    multiply_key(Words(blocks[row / 32]), p.keys_at + (kv_head * 32 + row % 32) * KEY_PAIRS, lane, sum);
    [[unroll]] for (uint h = 0; h < HEADS; ++h) products[(h * CHUNK + row) * LANES + lane] = sum[h];
  }
  // The token's own key may be on its way to its block: the threads of its row take it from here.
  if (last / CHUNK != chunk || me / LANES != last % CHUNK % STEP) return;
  [[unroll]] for (uint h = 0; h < HEADS; ++h) {
    float sum = 0.0;
    for (uint i = lane; i < KEY_PAIRS; i += LANES) sum += dot(key[i], query[h * KEY_PAIRS + i]);
    products[(h * CHUNK + last % CHUNK) * LANES + lane] = sum;
  }
}

float score(uint h, uint row) {
  float sum = 0.0;
  [[unroll]] for (uint lane = 0; lane < LANES; ++lane) sum += products[(h * CHUNK + row) * LANES + lane];
  sum *= p.scale;
  return SOFTCAP != 0 ? p.softcap * exact_tanh(sum / p.softcap) : sum;
}

// Subgroups take turns with the heads.
void weigh(uint chunk) {
  const float none = uintBitsToFloat(0xff800000u);
  [[unroll]] for (uint h = 0; h < HEADS; ++h) {
    if (h % gl_NumSubgroups != gl_SubgroupID) continue;
    float best = none;
    for (uint row = gl_SubgroupInvocationID; row < CHUNK; row += gl_SubgroupSize) {
      const uint position = chunk * CHUNK + row;
      const float s = position >= first && position <= last ? score(h, row) : none;
      weights[h * CHUNK + row] = s;
      best = max(best, s);
    }
    best = max(most[h], subgroupMax(best));
    float sum = 0.0;
    for (uint row = gl_SubgroupInvocationID; row < CHUNK; row += gl_SubgroupSize) {
      const float weight = exact_exp(weights[h * CHUNK + row] - best);
      weights[h * CHUNK + row] = weight;
      sum += weight;
    }
    sum = subgroupAdd(sum);
    if (subgroupElect()) of_heads[h] = vec2(best, sum);
  }
}

// Raw words of a pair of values at the positions of a piece. Those that do not count are read too:
// their block is there.
void load_piece(uint at, uint pair, out uvec2 raw[PIECE]) {
  Words block = Words(blocks[at % CHUNK / 32]);
  [[unroll]] for (uint s = 0; s < PIECE; ++s) {
    const uint index = p.values_at + (kv_head * 32 + (at + s) % 32) * VALUE_PAIRS + pair;
    raw[s] = KV_F32 != 0 ? uvec2(block.v[2 * index], block.v[2 * index + 1]) : uvec2(block.v[index], 0);
  }
}

void add_piece(uint at, uvec2 raw[PIECE], uint i) {
  [[unroll]] for (uint s = 0; s < PIECE; ++s) {
    const vec2 pair = KV_F32 != 0 ? uintBitsToFloat(raw[s]) : unpackHalf2x16(raw[s].x);
    const vec2 value = at + s >= first && at + s < last ? pair : vec2(0.0);
    [[unroll]] for (uint h = 0; h < HEADS; ++h)
      total[i * HEADS + h] += weights[h * CHUNK + (at + s) % CHUNK] * value;
  }
}

// Behind the first piece of its pair, which is on its way already.
void add_values(uint chunk, uint row, uint my_pair, uvec2 ahead[PIECE]) {
  const uint at = chunk * CHUNK + row * PIECE;
  add_piece(at, ahead, 0);
  [[unroll]] for (uint i = 0; i < PAIRS_A_THREAD; ++i) {
    const uint pair = min(my_pair + i * THREADS, VALUE_PAIRS - 1);
    for (uint s = at + (i == 0 ? ROWS * PIECE : 0); s < (chunk + 1) * CHUNK; s += ROWS * PIECE) {
      uvec2 raw[PIECE];
      load_piece(s, pair, raw);
      add_piece(s, raw, i);
    }
    if (row == 0 && last / CHUNK == chunk)
      [[unroll]] for (uint h = 0; h < HEADS; ++h)
        total[i * HEADS + h] += weights[h * CHUNK + last % CHUNK] * fresh_value(pair);
  }
}

// Leaves (most, sum of weights) in of_heads and the sums of values by rows of threads in sums.
void see(uint begin, uint end) {
  const uint row = gl_LocalInvocationID.x / VALUE_PAIRS, my_pair = gl_LocalInvocationID.x % VALUE_PAIRS;
  [[unroll]] for (uint h = 0; h < HEADS; ++h) most[h] = uintBitsToFloat(0xff800000u), weight_sum[h] = 0.0;
  [[unroll]] for (uint i = 0; i < PAIRS_A_THREAD * HEADS; ++i) total[i] = vec2(0.0);
  for (uint chunk = begin; chunk < end; ++chunk) {
    uvec2 ahead[PIECE], next_blocks[CHUNK / 32];
    fetch_blocks(chunk + 1, next_blocks);
    load_piece(chunk * CHUNK + min(row, ROWS - 1) * PIECE, my_pair, ahead);
    multiply_keys(chunk);
    barrier();
    weigh(chunk);
    barrier();
    [[unroll]] for (uint h = 0; h < HEADS; ++h) {
      const float shrink = exact_exp(most[h] - of_heads[h].x);
      most[h] = of_heads[h].x;
      weight_sum[h] = weight_sum[h] * shrink + of_heads[h].y;
      [[unroll]] for (uint i = 0; i < PAIRS_A_THREAD; ++i) total[i * HEADS + h] *= shrink;
    }
    if (row < ROWS) add_values(chunk, row, my_pair, ahead);
    blocks = next_blocks;
    barrier();
  }
  [[unroll]] for (uint h = 0; h < HEADS; ++h) {
    if (gl_LocalInvocationID.x == h % THREADS) of_heads[h] = vec2(most[h], weight_sum[h]);
    if (row < ROWS)
      [[unroll]] for (uint i = 0; i < PAIRS_A_THREAD; ++i)
        if (my_pair + i * THREADS < VALUE_PAIRS)
          sums[(h * ROWS + row) * VALUE_PAIRS + my_pair + i * THREADS] = total[i * HEADS + h];
  }
  barrier();
}

#include "attention_parts.glsl"

void main() {
  const uint me = gl_LocalInvocationID.x, column = gl_WorkGroupID.x, part = gl_WorkGroupID.y;
  const Token t = p.tokens.v[0];
  last = t.position;
  first = p.window > 0 && last >= p.window ? last - p.window + 1 : 0;
  // How many parts there are depends on the positions seen: the others have nothing to do.
  const uint first_chunk = first / CHUNK, n_chunks = last / CHUNK - first_chunk + 1;
  const uint chunks_a_part = (n_chunks + PARTS - 1) / PARTS;
  const uint n_parts = (n_chunks + chunks_a_part - 1) / chunks_a_part;
  if (part >= n_parts) return;
  kv_head = column / p.columns_a_kv_head;
  for (uint i = me; i < HEADS * KEY_PAIRS; i += THREADS)
    query[i] = turned_pair(p.q, (column * HEADS + i / KEY_PAIRS) * HEAD_DIM, i % KEY_PAIRS, last);
  if (part + 1 == n_parts) take_fresh(column % p.columns_a_kv_head == 0);
  const uint begin = first_chunk + part * chunks_a_part;
  fetch_blocks(begin, blocks);
  barrier();
  see(begin, min(begin + chunks_a_part, first_chunk + n_chunks));
  if (n_parts > 1) {
    if (leave(part, n_parts)) combine(n_parts);
    return;
  }
  for (uint i = me; i < HEADS * VALUE_PAIRS; i += THREADS) put(i, sum_of(i) / of_heads[i / VALUE_PAIRS].y);
}
