// matmul@1 for many tokens, in f32: 64 rows of the weight by 64 tokens a workgroup of 256 items, 4 by
// 4 results each; a unit of 32 columns at a time is decoded into local memory.
#include "weight.clh"

void load_weights(Weights* w, WeightPlace place, uint first_row, uint n_out, uint unit, local float* weights) {
  for (uint i = get_local_id(0); i < 64 * 8; i += 256) {
    const uint r = i / 8, q = i % 8;
    const float4 v = weight_quad(w, place, min(first_row + r, n_out - 1), unit, q);
    weights[(q * 4) * 64 + r] = v.x;
    weights[(q * 4 + 1) * 64 + r] = v.y;
    weights[(q * 4 + 2) * 64 + r] = v.z;
    weights[(q * 4 + 3) * 64 + r] = v.w;
  }
}

void load_inputs(global const float* x, uint first_token, uint n_rows, uint n_in, uint unit, local float* inputs) {
  for (uint i = get_local_id(0); i < 64 * 32; i += 256) {
    const uint t = i / 32, k = i % 32, column = unit * 32 + k;
    inputs[k * 64 + t] = column < n_in ? x[min(first_token + t, n_rows - 1) * n_in + column] : 0.0f;
  }
}

kernel void gemm(Weights* w, WeightPlace place, global const float* x, global float* y,
                 global const float* addend, uint n_in, uint n_out, uint n_rows) {
  local float weights[32 * 64], inputs[32 * 64];  // [column][row], [column][token]
  const uint first_row = get_group_id(0) * 64, first_token = get_group_id(1) * 64;
  const uint r = get_local_id(0) % 16, t = get_local_id(0) / 16;
  float4 sums[4];  // by token, of four rows
  for (uint i = 0; i < 4; ++i) sums[i] = 0.0f;
  for (uint unit = 0; unit < place.n_units; ++unit) {
    load_weights(w, place, first_row, n_out, unit, weights);
    load_inputs(x, first_token, n_rows, n_in, unit, inputs);
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint k = 0; k < 32; ++k) {
      const float4 four = vload4(k * 16 + r, weights), in = vload4(k * 16 + t, inputs);
      sums[0] += four * in.x;
      sums[1] += four * in.y;
      sums[2] += four * in.z;
      sums[3] += four * in.w;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  for (uint i = 0; i < 4; ++i) {
    float of_rows[4];
    vstore4(sums[i], 0, of_rows);
    for (uint j = 0; j < 4; ++j) {
      const uint token = first_token + t * 4 + i, row = first_row + r * 4 + j;
      if (token >= n_rows || row >= n_out) continue;
      const uint at = token * n_out + row;
      y[at] = addend ? of_rows[j] + addend[at] : of_rows[j];
    }
  }
}
