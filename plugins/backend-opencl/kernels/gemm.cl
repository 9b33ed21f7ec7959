// matmul@1 for many tokens, in f32: TILE rows of the weight by TILE tokens a workgroup of 256 items,
// of which each makes fours of rows by fours of tokens; a unit of 32 columns at a time is decoded into
// local memory. TILE is 64 or 128.
#include "weight.clh"

#define FOURS (TILE / 64)  // of rows and of tokens, that an item makes

#define QUADS (TILE / 32)  // of a row's unit, that an item decodes

// Quads first .. first + QUADS - 1 of a unit of row r of the tile. `first` is known when this is
// compiled: codes that are picked from registers must be.
void load_quads(Weights* w, WeightPlace place, uint row, uint unit, uint first, local float* weights) {
#if !PLAIN
  const Unit codes = load_unit(w, place, row, unit);
  float2 s = 0.0f;
#endif
#pragma unroll
  for (uint i = 0; i < QUADS; ++i) {
    const uint q = first + i;
#if PLAIN
    const float4 v = plain_quad(w, place, row, unit, q);
#else
    if (i == 0 || (GROUP % 16 != 0 && i % 2 == 0)) s = group_scales(w, place, row, (unit * 32 + q * 4) / GROUP);
    const float4 c = quad_of_codes(w, place, quad_codes(&codes, q));
    const float4 v = HAS_MIN ? s.x * c - s.y : s.x * c;
#endif
    weights[(q * 4) * TILE] = v.x;
    weights[(q * 4 + 1) * TILE] = v.y;
    weights[(q * 4 + 2) * TILE] = v.z;
    weights[(q * 4 + 3) * TILE] = v.w;
  }
}

void load_weights(Weights* w, WeightPlace place, uint first_row, uint n_out, uint unit, local float* weights) {
  const uint r = get_local_id(0) % TILE, row = min(first_row + r, n_out - 1);
  switch (get_local_id(0) / TILE) {
    case 0: return load_quads(w, place, row, unit, 0, weights + r);
    case 1: return load_quads(w, place, row, unit, QUADS, weights + r);
#if TILE == 64
    case 2: return load_quads(w, place, row, unit, 2 * QUADS, weights + r);
    default: return load_quads(w, place, row, unit, 3 * QUADS, weights + r);
#endif
  }
}

void load_inputs(global const float* x, uint first_token, uint n_rows, uint n_in, uint unit, local float* inputs) {
  for (uint i = get_local_id(0); i < TILE * 8; i += 256) {
    const uint t = i % TILE, q = i / TILE, column = unit * 32 + q * 4;
    global const float* from = x + min(first_token + t, n_rows - 1) * n_in + column;
    for (uint k = 0; k < 4; ++k) inputs[(q * 4 + k) * TILE + t] = column + k < n_in ? from[k] : 0.0f;
  }
}

kernel void gemm(Weights* w, WeightPlace place, global const float* x, global float* y,
                 global const float* addend, uint n_in, uint n_out, uint n_rows) {
  local float weights[32 * TILE], inputs[32 * TILE];  // [column][row], [column][token]
  const uint first_row = get_group_id(0) * TILE, first_token = get_group_id(1) * TILE;
  const uint r = get_local_id(0) % 16, t = get_local_id(0) / 16;
  float4 sums[FOURS][FOURS][4];  // by four of tokens, four of rows, token; of four rows
#pragma unroll
  for (uint i = 0; i < FOURS * FOURS * 4; ++i) sums[i / 4 / FOURS][i / 4 % FOURS][i % 4] = 0.0f;
  for (uint unit = 0; unit < place.n_units; ++unit) {
    load_weights(w, place, first_row, n_out, unit, weights);
    load_inputs(x, first_token, n_rows, n_in, unit, inputs);
    barrier(CLK_LOCAL_MEM_FENCE);
#pragma unroll 4
    for (uint k = 0; k < 32; ++k) {
      float4 rows[FOURS], tokens[FOURS];
#pragma unroll
      for (uint i = 0; i < FOURS; ++i) {
        rows[i] = vload4(k * (TILE / 4) + i * 16 + r, weights);
        tokens[i] = vload4(k * (TILE / 4) + i * 16 + t, inputs);
      }
#pragma unroll
      for (uint i = 0; i < FOURS; ++i)
#pragma unroll
        for (uint j = 0; j < FOURS; ++j) {
          sums[i][j][0] += rows[j] * tokens[i].x;
          sums[i][j][1] += rows[j] * tokens[i].y;
          sums[i][j][2] += rows[j] * tokens[i].z;
          sums[i][j][3] += rows[j] * tokens[i].w;
        }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
#pragma unroll
  for (uint i = 0; i < FOURS * FOURS * 4; ++i) {
    const uint token = first_token + i / 4 / FOURS * 64 + t * 4 + i % 4, row = first_row + i / 4 % FOURS * 64 + r * 4;
    float of_rows[4];
    vstore4(sums[i / 4 / FOURS][i / 4 % FOURS][i % 4], 0, of_rows);
    if (token < n_rows)
      for (uint j = 0; j < 4 && row + j < n_out; ++j) {
        const uint at = token * n_out + row + j;
        y[at] = addend ? of_rows[j] + addend[at] : of_rows[j];
      }
  }
}
