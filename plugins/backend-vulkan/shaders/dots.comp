// matmul@1 for few tokens by integer dot products: the inputs are rounded to 8 bits in groups of 32
// by each workgroup for itself, behind an rms_norm where one precedes; codes are multiplied as they
// lie. With a second weight, silu of the one product times the other (swiglu@1).
#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_spirv_intrinsics : require
#include "common.glsl"
#include "functions.glsl"
#include "weight.glsl"

layout(constant_id = 20) const uint TOKENS = 1;
layout(constant_id = 21) const uint ROWS = 4;     // of a subgroup
layout(constant_id = 22) const uint N_UNITS = 64; // of a row
layout(constant_id = 23) const uint INPUT = 0;    // 0: f32; 1: f32, to be normalized; 2: rounded
layout(constant_id = 24) const uint GATED = 0;
layout(constant_id = 25) const uint ROUNDED = 0;  // the output is 8 bits too: 32 rows a workgroup

layout(push_constant) uniform Parameters {
  Words4 w;
  uvec2 x;
  Floats y;
  uvec2 addend;  // [rows, n_out], or null
  uvec2 second;  // weight
  Floats norm;
  WeightPlace place;
  uint n_out, n_rows;
  float epsilon;
} p;

// GLSL of our compiler lacks the integer dot product (OpSUDot: signed by unsigned bytes).
spirv_instruction(extensions = ["SPV_KHR_integer_dot_product"], capabilities = [6018, 6019], id = 4452)
int dot_bytes(uint signed_bytes, uint unsigned_bytes, spirv_literal int format);

const uint N_IN = N_UNITS * 32, OCTETS = N_IN / 8;
const uint PIECE = GROUP % 32 == 0 ? 32 : (GROUP % 16 == 0 ? 16 : 8);  // columns of one scale
const uint PIECES = 32 / PIECE;
const uint MATRICES = GATED != 0 ? 2 : 1;

// Rounded inputs: the first and the second 16 columns of a unit apart, so that threads which read
// neighbouring units read neighbouring words. Step of a unit, and step times sum.
shared uvec4 rounded[TOKENS * 2 * N_UNITS];
shared vec2 steps[TOKENS * N_UNITS];
shared float peaks[THREADS];
shared float results[32];

void store_word(uint token, uint word, uint value) {
  rounded[(token * 2 + word % 8 / 4) * N_UNITS + word / 8][word % 4] = value;
}

uint round_quad(vec4 v) {
  const ivec4 q = ivec4(roundEven(v));
  return (uint(q.x) & 0xffu) | (uint(q.y) & 0xffu) << 8 | (uint(q.z) & 0xffu) << 16 |
         uint(q.w) << 24;
}

void take_rounded(uint token, uint row) {
  const uint first = row * N_IN;
  Words words = Words(p.x);
  for (uint i = gl_LocalInvocationID.x; i < N_IN / 4; i += THREADS)
    store_word(token, i, words.v[first + i]);
  for (uint i = gl_LocalInvocationID.x; i < N_UNITS; i += THREADS)
    steps[token * N_UNITS + i] =
        uintBitsToFloat(Words2(p.x).v[first / 2 + N_IN / 8 + i]);
}

void round_input(uint token, uint row) {
  const uint me = gl_LocalInvocationID.x;
  Floats4 x = Floats4(p.x);
  Floats4 weights = Floats4(p.norm);
  const uint first = row * (N_IN / 4);
  float scale = 1.0;
  if (INPUT == 1) {
    float squares = 0.0;
    for (uint i = me; i < N_IN / 4; i += THREADS) squares += dot(x.v[first + i], x.v[first + i]);
    scale = 1.0 / sqrt(workgroup_sum(squares) / float(N_IN) + p.epsilon);
  }
  // Eight columns a thread; four threads share a unit's peak.
  for (uint base = 0; base < OCTETS; base += THREADS) {
    const uint octet = base + me;
    const bool is_mine = octet < OCTETS;
    vec4 a = vec4(0.0), b = vec4(0.0);
    if (is_mine) {
      a = x.v[first + 2 * octet];
      b = x.v[first + 2 * octet + 1];
      if (INPUT == 1) {
        a *= scale * weights.v[2 * octet];
        b *= scale * weights.v[2 * octet + 1];
      }
    }
    const vec4 most = max(abs(a), abs(b));
    barrier();
    peaks[me] = max(max(most.x, most.y), max(most.z, most.w));
    barrier();
    const uint mate = me / 4 * 4;
    const float peak = max(max(peaks[mate], peaks[mate + 1]), max(peaks[mate + 2], peaks[mate + 3]));
    if (!is_mine) continue;
    const float step = peak / 127.0, inverse = peak > 0.0 ? 127.0 / peak : 0.0;
    store_word(token, 2 * octet, round_quad(a * inverse));
    store_word(token, 2 * octet + 1, round_quad(b * inverse));
    if (octet % 4 == 0) steps[token * N_UNITS + octet / 4].x = step;
  }
  barrier();
  for (uint unit = me; unit < N_UNITS; unit += THREADS) {
    int sum = 0;
    [[unroll]] for (uint k = 0; k < 8; ++k)
      sum += dot_bytes(rounded[(token * 2 + k / 4) * N_UNITS + unit][k % 4], 0x01010101u, 0);
    steps[token * N_UNITS + unit].y = steps[token * N_UNITS + unit].x * float(sum);
  }
}

// Adds the products of one unit of a row with every token.
void multiply(Words4 w, uint row, uint unit, inout float sums[TOKENS]) {
  const Unit codes = load_unit(w, p.place, row, unit);
  vec2 scales[PIECES];
  [[unroll]] for (uint i = 0; i < PIECES; ++i)
    scales[i] = group_scales(w, p.place, row, (unit * 32 + i * PIECE) / GROUP);
  [[unroll]] for (uint t = 0; t < TOKENS; ++t) {
    const uvec4 low = rounded[t * 2 * N_UNITS + unit], high = rounded[(t * 2 + 1) * N_UNITS + unit];
    const vec2 step = steps[t * N_UNITS + unit];
    [[unroll]] for (uint i = 0; i < PIECES; ++i) {
      int product = 0, sum = 0;
      [[unroll]] for (uint k = i * PIECE / 4; k < (i + 1) * PIECE / 4; ++k) {
        const uint x = k < 4 ? low[k] : high[k - 4];
        product += dot_bytes(x, quad_codes(codes, k), 0);
        if (PIECES > 1) sum += dot_bytes(x, 0x01010101u, 0);
      }
      // Both the zero point and the min are products with the sum of the inputs.
      if (PIECES > 1) {
        sums[t] += step.x * (scales[i].x * float(product - ZERO_POINT * sum) - scales[i].y * float(sum));
      } else {
        sums[t] += scales[i].x * (step.x * float(product) - float(ZERO_POINT) * step.y) -
                   scales[i].y * step.y;
      }
    }
  }
}

void round_results(uint token) {
  barrier();
  const uint me = gl_LocalInvocationID.x;
  if (me >= 8) return;
  float peak = 0.0;
  for (uint i = 0; i < 32; ++i) peak = max(peak, abs(results[i]));
  const float step = peak / 127.0, inverse = peak > 0.0 ? 127.0 / peak : 0.0;
  const uint unit = gl_WorkGroupID.x, words = token * p.n_out;
  const vec4 mine =
      vec4(results[4 * me], results[4 * me + 1], results[4 * me + 2], results[4 * me + 3]);
  Words y = Words(p.y);
  y.v[words + unit * 8 + me] = round_quad(mine * inverse);
  if (me > 0) return;
  float sum = 0.0;
  for (uint i = 0; i < 32; ++i) sum += roundEven(results[i] * inverse);
  const uint at = words + p.n_out / 4 + unit * 2;
  p.y.v[at] = step;
  p.y.v[at + 1] = step * sum;
}

void main() {
  const uint n_teams = THREADS / gl_SubgroupSize;
  const uint first_row = (gl_WorkGroupID.x * n_teams + gl_SubgroupID) * ROWS;
  const uint first_token = gl_WorkGroupID.y * TOKENS;
  [[unroll]] for (uint t = 0; t < TOKENS; ++t) {
    const uint row = min(first_token + t, p.n_rows - 1);
    if (INPUT == 2)
      take_rounded(t, row);
    else
      round_input(t, row);
  }
  barrier();

  float sums[MATRICES][ROWS][TOKENS];
  [[unroll]] for (uint m = 0; m < MATRICES; ++m)
    [[unroll]] for (uint r = 0; r < ROWS; ++r)
      [[unroll]] for (uint t = 0; t < TOKENS; ++t) sums[m][r][t] = 0.0;
  for (uint unit = gl_SubgroupInvocationID; unit < N_UNITS; unit += gl_SubgroupSize) {
    [[unroll]] for (uint r = 0; r < ROWS; ++r) {
      const uint row = min(first_row + r, p.n_out - 1);
      multiply(p.w, row, unit, sums[0][r]);
      if (GATED != 0) multiply(Words4(p.second), row, unit, sums[MATRICES - 1][r]);
    }
  }

  [[unroll]] for (uint t = 0; t < TOKENS; ++t) {
    [[unroll]] for (uint r = 0; r < ROWS; ++r) {
      const uint row = first_row + r, at = (first_token + t) * p.n_out + row;
      float sum = subgroupAdd(sums[0][r][t]);
      if (GATED != 0) sum = silu(sum) * subgroupAdd(sums[MATRICES - 1][r][t]);
      if (gl_SubgroupInvocationID != 0) continue;
      if (ROUNDED != 0) {
        results[gl_SubgroupID * ROWS + r] = sum;
      } else if (row < p.n_out && first_token + t < p.n_rows) {
        if (!is_null(p.addend)) sum += Floats(p.addend).v[at];
        p.y.v[at] = sum;
      }
    }
    if (ROUNDED != 0) {
      round_results(first_token + t);
      barrier();
    }
  }
}
