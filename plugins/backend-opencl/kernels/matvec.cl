// matmul@1 and matmul_experts@1 for few tokens, in f32: a team of TEAM items makes ROWS rows of the
// output, for TOKENS tokens at once; its items take units of 32 columns by turns. Workgroups are of
// one team by some.
#include "teams.clh"
#include "weight.clh"

float4 load_x(global const float* x, uint at, uint n_left) {
#if EVEN
  return vload4(0, x + at);
#else
  float4 value = 0.0f;
  if (n_left > 0) value.x = x[at];
  if (n_left > 1) value.y = x[at + 1];
  if (n_left > 2) value.z = x[at + 2];
  if (n_left > 3) value.w = x[at + 3];
  return value;
#endif
}

// The products of one unit of a row with every token.
void multiply(Weights* w, WeightPlace place, uint row, uint unit, global const float* x, const uint* x_at,
              uint n_in, float* sums) {
#if !PLAIN
  const Unit codes = load_unit(w, place, row, unit);
  float2 s = 0.0f;
#endif
#pragma unroll
  for (uint q = 0; q < 8; ++q) {
    const uint column = unit * 32 + q * 4;
#if PLAIN
    const float4 v = plain_quad(w, place, row, unit, q);
#else
    if (q == 0 || (GROUP % 32 != 0 && q % 2 == 0)) s = group_scales(w, place, row, column / GROUP);
    const float4 c = quad_of_codes(w, place, quad_codes(&codes, q));
    const float4 v = HAS_MIN ? c * s.x - s.y : c * s.x;
#endif
    const uint n_left = column < n_in ? n_in - column : 0;
#pragma unroll
    for (uint t = 0; t < TOKENS; ++t) sums[t] += dot(v, load_x(x, x_at[t] + column, n_left));
  }
}

kernel void matvec(Weights* w, WeightPlace place, global const float* x, global float* y,
                   global const float* addend, global const float* routes, uint n_in, uint n_out,
                   uint n_rows, uint n_used, uint n_experts, local float* scratch) {
  const uint team = team_index(), lane = team_lane();
  const uint first_row = (get_group_id(0) * get_local_size(1) + team) * ROWS;
  const uint slot = get_group_id(1);
  uint token = slot * TOKENS, weight_row = 0;
#if EXPERTS
  const uint row_of_slot = slot / n_used;
  const float expert = routes[row_of_slot * 2 * n_used + slot % n_used];
  weight_row = min((uint)fmax(expert, 0.0f), n_experts - 1) * n_out;
  token = EXPERTS == 1 ? row_of_slot : slot;
#endif
  uint x_at[TOKENS];
#pragma unroll
  for (uint t = 0; t < TOKENS; ++t) x_at[t] = (EXPERTS ? token : min(token + t, n_rows - 1)) * n_in;
  float sums[ROWS][TOKENS];
#pragma unroll
  for (uint r = 0; r < ROWS; ++r)
#pragma unroll
    for (uint t = 0; t < TOKENS; ++t) sums[r][t] = 0.0f;
  for (uint unit = lane; unit < place.n_units; unit += TEAM)
#pragma unroll
    for (uint r = 0; r < ROWS; ++r)
      multiply(w, place, weight_row + min(first_row + r, n_out - 1), unit, x, x_at, n_in, sums[r]);

  const uint y_first = EXPERTS ? slot : token;
#pragma unroll
  for (uint r = 0; r < ROWS; ++r)
#pragma unroll
    for (uint t = 0; t < TOKENS; ++t) {
      float sum = team_sum(sums[r][t], scratch);
      const uint at = (y_first + t) * n_out + first_row + r;
      if (lane == 0 && first_row + r < n_out && (EXPERTS || token + t < n_rows)) {
        if (addend) sum += addend[at];
        y[at] = sum;
      }
    }
}
