// matmul@1 for few tokens by integer dot products: the inputs are rounded to 8 bits by each workgroup
// for itself, behind an rms_norm where one precedes; codes are multiplied as they lie. Up to three
// products of one input side by side; or, GATED, silu of the first times the second (swiglu@1).
#include "functions.clh"
#include "teams.clh"
#include "weight.clh"
#include "round.clh"

#define PIECE (GROUP % 32 == 0 ? 32 : GROUP % 16 == 0 ? 16 : 8)  // columns of one scale
#define PIECES (32 / PIECE)
#define MATRICES (GATED ? 2 : 1)

// A product: its weight, and where its output goes.
typedef struct {
  Weights* w;
  WeightPlace place;
  global float* y;
  uint n_out;
} Matrix;

// What an item needs of a unit of one row.
typedef struct {
  Unit codes;
  RawScales scales[PIECES];
} Loaded;

Loaded load(const Matrix* m, uint row, uint unit) {
  Loaded l;
  l.codes = load_unit(m->w, m->place, row, unit);
#pragma unroll
  for (uint i = 0; i < PIECES; ++i) l.scales[i] = load_scales(m->w, m->place, row, (unit * 32 + i * PIECE) / GROUP);
  return l;
}

// Adds the products of one unit of a row with every token.
void multiply(const Loaded* l, const Rounded* inputs, uint n_units, uint unit, float* sums) {
#pragma unroll
  for (uint t = 0; t < TOKENS; ++t) {
    uint x[8];
    vstore4(inputs[t].words[unit], 0, x);
    vstore4(inputs[t].words[n_units + unit], 1, x);
    const float2 step = inputs[t].steps[unit];
#pragma unroll
    for (uint i = 0; i < PIECES; ++i) {
      int product = 0, sum = 0;
#pragma unroll
      for (uint q = i * (PIECE / 4); q < (i + 1) * (PIECE / 4); ++q) {
        product += dot_bytes(x[q], quad_codes(&l->codes, q));
        if (PIECES > 1) sum += dot_bytes(x[q], 0x01010101u);
      }
      // Both the zero point and the min are products with the sum of the inputs.
      const float2 s = decode_scales(l->scales[i]);
      const float of_sum = PIECES > 1 ? step.x * (float)sum : step.y;
      sums[t] += s.x * (step.x * (float)product - (float)ZERO_POINT * of_sum) - (HAS_MIN ? s.y * of_sum : 0.0f);
    }
  }
}

kernel void dots(Weights* w0, WeightPlace place0, global float* y0, uint n_out0, Weights* w1, WeightPlace place1,
                 global float* y1, uint n_out1, Weights* w2, WeightPlace place2, global float* y2, uint n_out2,
                 global const float* x, global const float* addend, global const float* norm, uint n_rows,
                 float epsilon, local uint4* words, local float2* steps, local float* scratch) {
  const uint lane = team_lane(), a_group = get_local_size(1) * ROWS, n_units = place0.n_units;
  const uint first_token = get_group_id(1) * TOKENS;
  uint group = get_group_id(0);
  Matrix m[MATRICES];
  m[0].w = w0, m[0].place = place0, m[0].y = y0, m[0].n_out = n_out0;
#if GATED
  m[1].w = w1, m[1].place = place1, m[1].y = y1, m[1].n_out = n_out1;
#else
  const uint groups0 = (n_out0 + a_group - 1) / a_group, groups1 = (n_out1 + a_group - 1) / a_group;
  if (group >= groups0 + groups1) {
    group -= groups0 + groups1;
    m[0].w = w2, m[0].place = place2, m[0].y = y2, m[0].n_out = n_out2;
  } else if (group >= groups0) {
    group -= groups0;
    m[0].w = w1, m[0].place = place1, m[0].y = y1, m[0].n_out = n_out1;
  }
#endif
  const uint first_row = group * a_group + team_index() * ROWS, n_out = m[0].n_out;
  uint rows[ROWS];
#pragma unroll
  for (uint r = 0; r < ROWS; ++r) rows[r] = min(first_row + r, n_out - 1);
  // Weights are on their way while the inputs are rounded, and while the unit before is multiplied.
  Loaded next[MATRICES][ROWS];
#pragma unroll
  for (uint r = 0; r < ROWS; ++r)
#pragma unroll
    for (uint i = 0; i < MATRICES; ++i) next[i][r] = load(&m[i], rows[r], min(lane, n_units - 1));
  Rounded inputs[TOKENS];
#pragma unroll
  for (uint t = 0; t < TOKENS; ++t) {
    inputs[t].words = words + t * 2 * n_units, inputs[t].steps = steps + t * n_units;
    round_input(x + min(first_token + t, n_rows - 1) * n_units * 32, norm, epsilon, n_units, inputs[t], scratch);
  }
  barrier(CLK_LOCAL_MEM_FENCE);

  float sums[MATRICES][ROWS][TOKENS];
#pragma unroll
  for (uint i = 0; i < MATRICES; ++i)
#pragma unroll
    for (uint r = 0; r < ROWS; ++r)
#pragma unroll
      for (uint t = 0; t < TOKENS; ++t) sums[i][r][t] = 0.0f;
  for (uint unit = lane; unit < n_units; unit += TEAM) {
    const uint following = min(unit + TEAM, n_units - 1);
#pragma unroll
    for (uint r = 0; r < ROWS; ++r)
#pragma unroll
      for (uint i = 0; i < MATRICES; ++i) {
        const Loaded now = next[i][r];
        next[i][r] = load(&m[i], rows[r], following);
        multiply(&now, inputs, n_units, unit, sums[i][r]);
      }
  }

#pragma unroll
  for (uint r = 0; r < ROWS; ++r)
#pragma unroll
    for (uint t = 0; t < TOKENS; ++t) {
      float sum = team_sum(sums[0][r][t], scratch);
#if GATED
      sum = silu(sum) * team_sum(sums[1][r][t], scratch);
#endif
      const uint row = first_row + r, at = (first_token + t) * n_out + row;
      if (lane == 0 && row < n_out && first_token + t < n_rows) m[0].y[at] = addend ? sum + addend[at] : sum;
    }
}
