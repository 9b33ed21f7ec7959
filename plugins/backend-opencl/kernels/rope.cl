// rope@1: an item a pair, or a value that stays. Cosine and sine come from a table by position, made
// by the host in f64: no device's sine is exact where angles are large.
#include "batch.clh"

kernel void rope(global const float* x, global float* y, global const uint* batch,
                 global const float2* table, uint width, uint head_dim, uint n_rotary) {
  const uint items_a_head = n_rotary / 2 + (head_dim - n_rotary), n_heads = width / head_dim;
  const uint index = get_global_id(0), token = get_group_id(1);
  if (index >= items_a_head * n_heads) return;
  const uint first = token * width + index / items_a_head * head_dim;
  const uint i = index % items_a_head, n_pairs = n_rotary / 2;
  if (i >= n_pairs) {
    const uint at = first + n_rotary + (i - n_pairs);
    y[at] = x[at];
    return;
  }
  const uint a = first + (HALVES ? i : 2 * i), b = HALVES ? a + n_pairs : a + 1;
  const float2 turn = table[token_position(batch, token) * n_pairs + i];
  const float one = x[a], other = x[b];
  y[a] = one * turn.x - other * turn.y;
  y[b] = one * turn.y + other * turn.x;
}
