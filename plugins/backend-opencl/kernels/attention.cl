// attention@1: a workgroup a token and query head, online softmax (Milakov and Gimelshein, 2018,
// arXiv 1805.02867) over chunks of THREADS positions. An item scores one position of a chunk, then
// sums pairs of values over the positions of its part. Keys and values are in their blocks already
// (kv_write).
#include "batch.clh"
#include "common.clh"
#include "state.clh"

#define KEY_PAIRS ((HEAD_DIM + 1) / 2)
#define VALUE_PAIRS ((VALUE_DIM + 1) / 2)
#define PARTS (THREADS / VALUE_PAIRS > 0 ? THREADS / VALUE_PAIRS : 1)
#define PAIRS_AN_ITEM ((VALUE_PAIRS + THREADS - 1) / THREADS)
#define PIECE 8  // positions of one block

typedef struct {
  global const uint* batch;
  BatchPlace place;
  uint4 run;
  global const uchar* state;
  ulong block_bytes;
} Past;

global const uchar* block_at(const Past* past, uint position) {
  return past->state + past->block_bytes * block_of(past->batch, past->place, past->run, position);
}

float score(const Past* past, uint kv_head, uint position, local const float2* query, float scale, float softcap) {
  global const uchar* block = block_at(past, position);
  const uint at = (kv_head * 32 + position % 32) * KEY_PAIRS;
  float sum = 0.0f;
  for (uint i = 0; i < KEY_PAIRS; ++i) sum += dot(load_pair(block, at + i), query[i]);
  sum *= scale;
  return softcap != 0.0f ? softcap * tanh(sum / softcap) : sum;
}

// Adds the weighted values at positions at .. at + PIECE - 1 that lie in chunk .. end - 1.
void add_piece(const Past* past, ulong values_at, uint kv_head, uint at, uint chunk, uint end, uint my_pair,
               local const float* weights, float2* total) {
  global const uchar* values = block_at(past, at) + values_at;
  for (uint s = max(at, chunk); s < min(at + PIECE, end); ++s)
    for (uint i = 0; i < PAIRS_AN_ITEM; ++i) {
      const uint pair = min(my_pair + i * THREADS, (uint)VALUE_PAIRS - 1);
      total[i] += weights[s - chunk] * load_pair(values, (kv_head * 32 + s % 32) * VALUE_PAIRS + pair);
    }
}

kernel void attention(global const float* q, global float* y, global const uint* batch, BatchPlace place,
                      global const uchar* state, ulong block_bytes, ulong values_at, uint n_heads, uint n_kv_heads,
                      uint window, float scale, float softcap) {
  local float2 query[KEY_PAIRS], sums[PARTS * VALUE_PAIRS];
  local float weights[THREADS], scratch[THREADS];
  const uint me = get_local_id(0), head = get_group_id(0), token = get_group_id(1);
  const uint kv_head = head / (n_heads / n_kv_heads), last = token_position(batch, token);
  const Past past = {batch, place, run_of(batch, place, token_run(batch, token)), state, block_bytes};
  const uint first = window > 0 && last >= window ? last - window + 1 : 0;
  for (uint i = me; i < KEY_PAIRS; i += THREADS) {
    const uint from = (token * n_heads + head) * HEAD_DIM + 2 * i;
    query[i] = (float2)(q[from], 2 * i + 1 < HEAD_DIM ? q[from + 1] : 0.0f);
  }
  const uint part = me / VALUE_PAIRS, my_pair = me % VALUE_PAIRS;
  float2 total[PAIRS_AN_ITEM];
  for (uint i = 0; i < PAIRS_AN_ITEM; ++i) total[i] = 0.0f;
  float most = -INFINITY, weight_sum = 0.0f;
  barrier(CLK_LOCAL_MEM_FENCE);

  for (uint chunk = first; chunk <= last; chunk += THREADS) {
    const uint position = chunk + me;
    const bool is_seen = position <= last;
    const float s = is_seen ? score(&past, kv_head, position, query, scale, softcap) : -INFINITY;
    const float new_most = fmax(most, workgroup_max(s, scratch));
    const float shrink = exp(most - new_most), weight = is_seen ? exp(s - new_most) : 0.0f;
    most = new_most;
    barrier(CLK_LOCAL_MEM_FENCE);
    weights[me] = weight;
    weight_sum = weight_sum * shrink + weight;
    barrier(CLK_LOCAL_MEM_FENCE);
    const uint end = min(chunk + THREADS, last + 1);
    if (part >= PARTS) continue;
    for (uint i = 0; i < PAIRS_AN_ITEM; ++i) total[i] *= shrink;
    for (uint at = chunk / PIECE * PIECE + part * PIECE; at < end; at += PARTS * PIECE)
      add_piece(&past, values_at, kv_head, at, chunk, end, my_pair, weights, total);
  }

  const float all = workgroup_sum(weight_sum, scratch);
  if (part < PARTS)
    for (uint i = 0; i < PAIRS_AN_ITEM; ++i)
      if (my_pair + i * THREADS < VALUE_PAIRS) sums[part * VALUE_PAIRS + my_pair + i * THREADS] = total[i];
  barrier(CLK_LOCAL_MEM_FENCE);
  for (uint pair = me; pair < VALUE_PAIRS; pair += THREADS) {
    float2 sum = 0.0f;
    for (uint i = 0; i < PARTS; ++i) sum += sums[i * VALUE_PAIRS + pair];
    const uint at = (token * n_heads + head) * VALUE_DIM + 2 * pair;
    y[at] = sum.x / all;
    if (2 * pair + 1 < VALUE_DIM) y[at + 1] = sum.y / all;
  }
}
