// matmul@1 for few tokens by integer dot products: the inputs are rounded to 8 bits in groups of 32
// by each workgroup for itself, behind an rms_norm where one precedes; codes are multiplied as they
// lie. With a second weight, silu of the one product times the other (swiglu@1).
#include "functions.clh"
#include "teams.clh"
#include "weight.clh"

#define PIECE (GROUP % 32 == 0 ? 32 : GROUP % 16 == 0 ? 16 : 8)  // columns of one scale
#define PIECES (32 / PIECE)
#define MATRICES (GATED ? 2 : 1)

// Sum of the products of four signed and four unsigned bytes.
int dot_bytes(uint signed_bytes, uint unsigned_bytes) {
#if defined(NVIDIA)
  int sum;
  asm("dp4a.s32.u32 %0, %1, %2, 0;" : "=r"(sum) : "r"(signed_bytes), "r"(unsigned_bytes));
  return sum;
#elif defined(INTEGER_DOT)
  return dot_4x8packed_su_int(signed_bytes, unsigned_bytes);
#else
  const int4 product = convert_int4(as_char4(signed_bytes)) * convert_int4(as_uchar4(unsigned_bytes));
  return product.x + product.y + product.z + product.w;
#endif
}

uint round_quad(float4 v) { return as_uint(convert_char4_sat_rte(v)); }

// Rounds a unit: eight words, then step and step times sum. Units of a token lie one behind the other,
// the words of all before their steps, so that neighbouring items read neighbouring words.
void round_unit(const float4* v, local uint* words, local float2* steps, uint n_units, uint unit) {
  float peak = 0.0f;
#pragma unroll
  for (uint q = 0; q < 8; ++q) {
    const float4 most = fabs(v[q]);
    peak = fmax(peak, fmax(fmax(most.x, most.y), fmax(most.z, most.w)));
  }
  const float inverse = peak > 0.0f ? 127.0f / peak : 0.0f;
  int sum = 0;
#pragma unroll
  for (uint q = 0; q < 8; ++q) {
    const uint word = round_quad(v[q] * inverse);
    words[q * n_units + unit] = word;
    sum += dot_bytes(word, 0x01010101u);
  }
  steps[unit] = peak / 127.0f * (float2)(1.0f, (float)sum);
}

// Every item of the workgroup calls it.
void round_input(global const float* x, global const float* norm, float epsilon, uint n_units, local uint* words,
                 local float2* steps, local float* scratch) {
  const uint me = get_local_id(1) * TEAM + get_local_id(0), threads = TEAM * get_local_size(1);
  float scale = 1.0f;
#if NORMED
  float squares = 0.0f;
  for (uint i = me; i < n_units * 8; i += threads) {
    const float4 v = vload4(i, x);
    squares += dot(v, v);
  }
  scale = 1.0f / sqrt(all_sum(squares, scratch) / (float)(n_units * 32) + epsilon);
#endif
  for (uint unit = me; unit < n_units; unit += threads) {
    float4 v[8];
#pragma unroll
    for (uint q = 0; q < 8; ++q) {
      v[q] = vload4(unit * 8 + q, x);
#if NORMED
      v[q] *= scale * vload4(unit * 8 + q, norm);
#endif
    }
    round_unit(v, words, steps, n_units, unit);
  }
}

// The product of one unit of a row with a token.
float multiply(const Unit* codes, const float2* scales, local const uint* words, float2 step, uint n_units, uint unit) {
  float all = 0.0f;
#pragma unroll
  for (uint i = 0; i < PIECES; ++i) {
    int product = 0, sum = 0;
#pragma unroll
    for (uint k = i * (PIECE / 4); k < (i + 1) * (PIECE / 4); ++k) {
      const uint x = words[k * n_units + unit];
      product += dot_bytes(x, quad_codes(codes, k));
#if GROUP % 32 != 0
      sum += dot_bytes(x, 0x01010101u);
#endif
    }
    // Both the zero point and the min are products with the sum of the inputs.
#if GROUP % 32 != 0
    all += step.x * (scales[i].x * (float)(product - ZERO_POINT * sum) - scales[i].y * (float)sum);
#else
    all += scales[i].x * (step.x * (float)product - (float)ZERO_POINT * step.y) - scales[i].y * step.y;
#endif
  }
  return all;
}

void add_unit(Weights* w, WeightPlace place, uint row, uint unit, local const uint* words, local const float2* steps,
              float* sums) {
  const Unit codes = load_unit(w, place, row, unit);
  float2 scales[PIECES];
#pragma unroll
  for (uint i = 0; i < PIECES; ++i) scales[i] = group_scales(w, place, row, (unit * 32 + i * PIECE) / GROUP);
#pragma unroll
  for (uint t = 0; t < TOKENS; ++t)
    sums[t] += multiply(&codes, scales, words + t * 8 * place.n_units, steps[t * place.n_units + unit], place.n_units, unit);
}

kernel void dots(Weights* w, Weights* second, WeightPlace place, global const float* x, global float* y,
                 global const float* addend, global const float* norm, uint n_out, uint n_rows, float epsilon,
                 local uint* words, local float2* steps, local float* scratch) {
  const uint lane = get_local_id(0);
  const uint first_row = (get_group_id(0) * get_local_size(1) + get_local_id(1)) * ROWS;
  const uint first_token = get_group_id(1) * TOKENS, n_units = place.n_units;
  for (uint t = 0; t < TOKENS; ++t)
    round_input(x + min(first_token + t, n_rows - 1) * n_units * 32, norm, epsilon, n_units, words + t * 8 * n_units,
                steps + t * n_units, scratch);
  barrier(CLK_LOCAL_MEM_FENCE);

  float sums[MATRICES][ROWS][TOKENS];
#pragma unroll
  for (uint m = 0; m < MATRICES; ++m)
#pragma unroll
    for (uint r = 0; r < ROWS; ++r)
#pragma unroll
      for (uint t = 0; t < TOKENS; ++t) sums[m][r][t] = 0.0f;
  for (uint unit = lane; unit < n_units; unit += TEAM)
#pragma unroll
    for (uint r = 0; r < ROWS; ++r) {
      const uint row = min(first_row + r, n_out - 1);
      add_unit(w, place, row, unit, words, steps, sums[0][r]);
#if GATED
      add_unit(second, place, row, unit, words, steps, sums[1][r]);
#endif
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
      if (lane != 0 || row >= n_out || first_token + t >= n_rows) continue;
      y[at] = addend ? sum + addend[at] : sum;
    }
}
