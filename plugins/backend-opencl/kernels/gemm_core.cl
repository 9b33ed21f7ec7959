// matmul@1 for many tokens, in f32, where items are cores: an item makes 4 rows of the weight for 64
// tokens, from 32 units of each row at a time, which stay in its cache. No local memory: barriers
// cost a core more than the reads that they save.
#include "unit.clh"

// 4 rows by 4 tokens over n columns.
void multiply(const float* weights, global const float* x, const uint* x_at, uint n, float* sums) {
  float8 wide[16];
#pragma unroll
  for (uint i = 0; i < 16; ++i) wide[i] = 0.0f;
  uint c = 0;
  for (; c + 8 <= n; c += 8) {
    float8 w[4];
#pragma unroll
    for (uint r = 0; r < 4; ++r) w[r] = vload8(0, weights + r * 1024 + c);
#pragma unroll
    for (uint t = 0; t < 4; ++t) {
      const float8 in = vload8(0, x + x_at[t] + c);
#pragma unroll
      for (uint r = 0; r < 4; ++r) wide[t * 4 + r] += w[r] * in;
    }
  }
#pragma unroll
  for (uint i = 0; i < 16; ++i) {
    const float4 four = wide[i].lo + wide[i].hi;
    sums[i] += (four.x + four.y) + (four.z + four.w);
  }
  for (; c < n; ++c)
    for (uint i = 0; i < 16; ++i) sums[i] += weights[(i % 4) * 1024 + c] * x[x_at[i / 4] + c];
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void gemm_core(
    Weights* w, WeightPlace place, global const float* x, global float* y, global const float* addend,
    uint n_in, uint n_out, uint n_rows) {
  const uint first_row = get_group_id(0) * 4, first_token = get_group_id(1) * 64;
  const uint n_tokens = min(64u, n_rows - first_token);
  float weights[4 * 1024], sums[64 * 4];  // [row][column], [token][row]
  for (uint i = 0; i < 64 * 4; ++i) sums[i] = 0.0f;
  for (uint first = 0; first < place.n_units; first += 32) {
    for (uint i = 0; i < 4 * 32; ++i)
      if (first + i % 32 < place.n_units)
        decode_unit(w, place, min(first_row + i / 32, n_out - 1), first + i % 32, weights + i * 32);
    for (uint t = 0; t < n_tokens; t += 4) {
      uint x_at[4];
      for (uint i = 0; i < 4; ++i) x_at[i] = min(first_token + t + i, n_rows - 1) * n_in + first * 32;
      multiply(weights, x, x_at, min(1024u, n_in - first * 32), sums + t * 4);
    }
  }
  for (uint t = 0; t < n_tokens; ++t)
    for (uint r = 0; r < 4 && first_row + r < n_out; ++r) {
      const uint at = (first_token + t) * n_out + first_row + r;
      y[at] = addend ? sums[t * 4 + r] + addend[at] : sums[t * 4 + r];
    }
}
