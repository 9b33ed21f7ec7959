// attention@1: a workgroup a query head of a token, or a part of its past; online softmax (Milakov and
// Gimelshein, 2018, arXiv 1805.02867) over chunks of THREADS positions. An item scores one position of
// a chunk, then sums pairs of values over the positions of its row: rows have COLUMNS items, a power of
// two, since dividing by other numbers is dear, and goes wrong by PoCL 5.0. Of many tokens, keys and
// values are in their blocks already (kv_write). A batch of one token (FRESH) takes, turns (rope@1), uses and
// stores its own here; parts of its past are put together by attention_parts.
#include "batch.clh"
#include "common.clh"
#include "state.clh"
#include "turned.clh"

#define KEY_PAIRS ((HEAD_DIM + 1) / 2)
#define VALUE_PAIRS ((VALUE_DIM + 1) / 2)
#define ROWS (THREADS / COLUMNS)
#define PAIRS_AN_ITEM ((VALUE_PAIRS + COLUMNS - 1) / COLUMNS)
#define PIECE 16  // positions of one block

// The past of a token, for one kv head. `blocks`: indices of the blocks of a chunk, so that reads of
// what lies in them need not wait for one another.
typedef struct {
  local const uint* blocks;
  global const uchar* state;
  ulong block_bytes, values_at;
  uint kv_head, last, first_block;
} Past;

global const uchar* block_at(const Past* past, uint position) {
  return past->state + past->block_bytes * past->blocks[position / 32 - past->first_block];
}

float dot_key(global const RawPair* key, local const float2* query) {
  float sum = 0.0f;
#if !KV_F32 && KEY_PAIRS % 4 == 0
#pragma unroll
  for (uint i = 0; i < KEY_PAIRS / 4; ++i) {
    const uint4 four = ((global const uint4*)key)[i];
    sum += dot(halves_of(four.x), query[4 * i]) + dot(halves_of(four.y), query[4 * i + 1]);
    sum += dot(halves_of(four.z), query[4 * i + 2]) + dot(halves_of(four.w), query[4 * i + 3]);
  }
#else
  for (uint i = 0; i < KEY_PAIRS; ++i) sum += dot(pair_of(key[i]), query[i]);
#endif
  return sum;
}

float score(const Past* past, uint position, local const float2* query, local const float2* fresh, float scale,
            float softcap) {
  float sum = 0.0f;
  if (FRESH && position == past->last)
    for (uint i = 0; i < KEY_PAIRS; ++i) sum += dot(fresh[i], query[i]);
  else
    sum = dot_key((global const RawPair*)block_at(past, position) + (past->kv_head * 32 + position % 32) * KEY_PAIRS, query);
  sum *= scale;
  return softcap != 0.0f ? softcap * tanh(sum / softcap) : sum;
}

// Adds the weighted values at positions at .. at + PIECE - 1 that lie in chunk .. end - 1. The others
// weigh nothing, and are read where there are numbers: loads go side by side.
void add_piece(const Past* past, uint at, uint chunk, uint end, uint my_pair, local const float* weights, float2* total) {
  global const RawPair* values = (global const RawPair*)(block_at(past, at) + past->values_at);
  values += past->kv_head * 32 * VALUE_PAIRS;
  for (uint i = 0; i < PAIRS_AN_ITEM; ++i) {
    const uint pair = min(my_pair + i * COLUMNS, (uint)VALUE_PAIRS - 1);
    RawPair raw[PIECE];
#pragma unroll
    for (uint s = 0; s < PIECE; ++s) raw[s] = values[clamp(at + s, chunk, end - 1) % 32 * VALUE_PAIRS + pair];
#pragma unroll
    for (uint s = 0; s < PIECE; ++s) {
      const bool counts = at + s >= chunk && at + s < end;
      total[i] += (counts ? weights[at + s - chunk] : 0.0f) * pair_of(raw[s]);
    }
  }
}

// The token's own pair of keys and values, to its block.
void store_own(global uchar* block, ulong values_at, uint kv_head, uint position, local const float2* key,
               global const float* value) {
  const uint me = get_local_id(0), row = kv_head * 32 + position % 32;
  for (uint i = me; i < KEY_PAIRS; i += THREADS) store_pair(block, row * KEY_PAIRS + i, key[i]);
  for (uint i = me; i < VALUE_PAIRS; i += THREADS)
    store_pair(block + values_at, row * VALUE_PAIRS + i, pair_at(value, VALUE_DIM, i));
}

// What scores came to so far: the largest, and of an item the sum of its weights against it.
typedef struct {
  float most, weight_sum;
} Scores;

// Every item calls it, with its score of a chunk or -INFINITY: weights of the chunk. Returns by what
// all before shrinks.
float weigh(Scores* scores, float score, bool is_seen, local float* weights, local float* scratch) {
  const float most = fmax(scores->most, workgroup_max(score, scratch));
  const float shrink = exp(scores->most - most), weight = is_seen ? exp(score - most) : 0.0f;
  scores->most = most;
  barrier(CLK_LOCAL_MEM_FENCE);
  weights[get_local_id(0)] = weight;
  scores->weight_sum = scores->weight_sum * shrink + weight;
  barrier(CLK_LOCAL_MEM_FENCE);
  return shrink;
}

// Adds what rows of items have. One part is the output; each of several leaves its pairs, then
// (largest score, sum of weights).
void put(local const float2* sums, float most, float all, bool is_part, global float2* part, global float* y) {
  const uint me = get_local_id(0);
  if (is_part && me == 0) part[VALUE_PAIRS] = (float2)(most, all);
  for (uint pair = me; pair < VALUE_PAIRS; pair += THREADS) {
    float2 sum = 0.0f;
    for (uint i = 0; i < ROWS; ++i) sum += sums[i * VALUE_PAIRS + pair];
    if (is_part) {
      part[pair] = sum;
      continue;
    }
    y[2 * pair] = sum.x / all;
    if (2 * pair + 1 < VALUE_DIM) y[2 * pair + 1] = sum.y / all;
  }
}

// Where the positions of a part begin, and where they end.
uint2 positions_of(uint part, uint n_parts, uint last, uint window) {
  const uint first_seen = window > 0 && last >= window ? last - window + 1 : 0;
  const uint a_part = ((last - first_seen + n_parts) / n_parts + PIECE - 1) / PIECE * PIECE;
  const uint first = first_seen + part * a_part;
  return (uint2)(first, min(first + a_part, last + 1));
}

kernel void attention(global const float* q, global const float* k, global const float* v, global float* y,
                      global float2* found, global const uint* batch, BatchPlace place, global uchar* state,
                      ulong block_bytes, ulong values_at, global const float2* table, uint n_heads, uint n_kv_heads,
                      uint window, float scale, float softcap) {
  local float2 query[KEY_PAIRS], fresh[KEY_PAIRS], sums[ROWS * VALUE_PAIRS];
  local float weights[THREADS], scratch[THREADS];
  local uint blocks[THREADS / 32 + 1];
  const uint me = get_local_id(0), head = get_group_id(0), token = FRESH ? 0 : get_group_id(1);
  const uint part = FRESH ? get_group_id(1) : 0, n_parts = FRESH ? get_num_groups(1) : 1;
  const uint group = n_heads / n_kv_heads, kv_head = head / group, last = token_position(batch, token);
  const uint4 run = run_of(batch, place, token_run(batch, token));
  Past past = {blocks, state, block_bytes, values_at, kv_head, last, 0};
  const uint2 mine = positions_of(part, n_parts, last, window);
  for (uint i = me; i < KEY_PAIRS; i += THREADS) {
    query[i] = turned_pair(q + (token * n_heads + head) * HEAD_DIM, i, table, last);
#if FRESH
    fresh[i] = turned_pair(k + kv_head * HEAD_DIM, i, table, last);
#endif
  }
  barrier(CLK_LOCAL_MEM_FENCE);
#if FRESH
  global const float* own = v + kv_head * VALUE_DIM;
  if (head % group == 0 && part + 1 == n_parts)
    store_own(state + block_bytes * block_of(batch, place, run, last), values_at, kv_head, last, fresh, own);
#endif
  const uint row = me / COLUMNS, my_pair = me % COLUMNS;
  float2 total[PAIRS_AN_ITEM];
  for (uint i = 0; i < PAIRS_AN_ITEM; ++i) total[i] = 0.0f;
  Scores scores = {-INFINITY, 0.0f};

  for (uint chunk = mine.x; chunk < mine.y; chunk += THREADS) {
    const uint position = chunk + me, chunk_end = min(chunk + THREADS, mine.y);
    const bool is_seen = position < mine.y;
    past.first_block = chunk / 32;
    if (me <= (chunk_end - 1) / 32 - past.first_block) blocks[me] = block_of(batch, place, run, (past.first_block + me) * 32);
    barrier(CLK_LOCAL_MEM_FENCE);
    const float s = is_seen ? score(&past, position, query, fresh, scale, softcap) : -INFINITY;
    const float shrink = weigh(&scores, s, is_seen, weights, scratch);
    for (uint i = 0; i < PAIRS_AN_ITEM; ++i) total[i] *= shrink;
    // The token's own values may be on their way to their block: the first row takes them from here.
    const uint end = min(chunk_end, FRESH ? last : last + 1);
    if (chunk < end)
      for (uint at = chunk / PIECE * PIECE + row * PIECE; at < end; at += ROWS * PIECE)
        add_piece(&past, at, chunk, end, my_pair, weights, total);
#if FRESH
    if (chunk_end > last && row == 0)
      for (uint i = 0; i < PAIRS_AN_ITEM; ++i)
        total[i] += weights[last - chunk] * pair_at(own, VALUE_DIM, min(my_pair + i * COLUMNS, (uint)VALUE_PAIRS - 1));
#endif
    barrier(CLK_LOCAL_MEM_FENCE);  // before the next chunk's blocks
  }

  const float all = workgroup_sum(scores.weight_sum, scratch);
  for (uint i = 0; i < PAIRS_AN_ITEM; ++i)
    if (my_pair + i * COLUMNS < VALUE_PAIRS) sums[row * VALUE_PAIRS + my_pair + i * COLUMNS] = total[i];
  barrier(CLK_LOCAL_MEM_FENCE);
  put(sums, scores.most, all, n_parts > 1, found + (head * n_parts + part) * (VALUE_PAIRS + 1),
      y + (token * n_heads + head) * VALUE_DIM);
}
