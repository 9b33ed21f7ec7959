// The first step of attention@1: keys and values of the batch go to their blocks; an item a pair.
#include "batch.clh"
#include "state.clh"

void store(global const float* from, uint dim, uint index, uint n_kv_heads, uint token, uint slot, global void* to) {
  const uint n_pairs = (dim + 1) / 2, head = index / n_pairs, pair = index % n_pairs;
  const uint first = (token * n_kv_heads + head) * dim + 2 * pair;
  const float2 both = (float2)(from[first], 2 * pair + 1 < dim ? from[first + 1] : 0.0f);
  store_pair(to, (head * 32 + slot) * n_pairs + pair, both);
}

kernel void kv_write(global const float* k, global const float* v, global const uint* batch, BatchPlace place,
                     global uchar* state, ulong block_bytes, ulong values_at, uint n_kv_heads, uint head_dim,
                     uint value_dim) {
  const uint index = get_global_id(0), token = get_group_id(1);
  const uint n_keys = n_kv_heads * ((head_dim + 1) / 2), n_values = n_kv_heads * ((value_dim + 1) / 2);
  if (index >= n_keys + n_values) return;
  const uint position = token_position(batch, token);
  global uchar* block =
      state + block_bytes * block_of(batch, place, run_of(batch, place, token_run(batch, token)), position);
  if (index < n_keys)
    store(k, head_dim, index, n_kv_heads, token, position % 32, block);
  else
    store(v, value_dim, index - n_keys, n_kv_heads, token, position % 32, block + values_at);
}
