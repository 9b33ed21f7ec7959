// matmul@1 and matmul_experts@1 for few tokens: a subgroup makes ROWS rows of the output, for TOKENS
// tokens at once; its threads take units of 32 columns by turns.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "weight.glsl"

layout(constant_id = 20) const uint TOKENS = 1;
layout(constant_id = 21) const uint ROWS = 2;
layout(constant_id = 22) const uint EVEN = 1;     // rows of x are whole units, 16-byte aligned
layout(constant_id = 23) const uint EXPERTS = 0;  // 0: none; 1: one input for all slots; 2: one each

layout(push_constant) uniform Parameters {
  Words4 w;
  Floats x, y;
  uvec2 addend;  // [rows, n_out], or null
  uvec2 routes;
  WeightPlace place;
  uint n_in, n_out, n_rows, n_used, n_experts;
} p;

vec4 load_x(uint token, uint column) {
  const uint at = token * p.n_in + column;
  if (EVEN != 0) return Floats4(p.x).v[at / 4];
  vec4 value = vec4(0.0);
  [[unroll]] for (uint i = 0; i < 4; ++i)
    if (column + i < p.n_in) value[i] = p.x.v[at + i];
  return value;
}

void main() {
  const uint n_teams = THREADS / gl_SubgroupSize;
  const uint first_row = (gl_WorkGroupID.x * n_teams + gl_SubgroupID) * ROWS;
  uint token = gl_WorkGroupID.y * TOKENS, weight_row = 0;
  if (EXPERTS != 0) {
    const uint slot = gl_WorkGroupID.y, row = slot / p.n_used;
    const float expert = Floats(p.routes).v[row * 2 * p.n_used + slot % p.n_used];
    weight_row = min(uint(max(expert, 0.0)), p.n_experts - 1) * p.n_out;
    token = EXPERTS == 1 ? row : slot;
  }
  uint x_token[TOKENS];
  [[unroll]] for (uint t = 0; t < TOKENS; ++t)
    x_token[t] = EXPERTS != 0 ? token : min(token + t, p.n_rows - 1);
  uint rows[ROWS];
  [[unroll]] for (uint r = 0; r < ROWS; ++r) rows[r] = weight_row + min(first_row + r, p.n_out - 1);

  float sums[ROWS][TOKENS];
  [[unroll]] for (uint r = 0; r < ROWS; ++r)
    [[unroll]] for (uint t = 0; t < TOKENS; ++t) sums[r][t] = 0.0;

  for (uint unit = gl_SubgroupInvocationID; unit < p.place.n_units; unit += gl_SubgroupSize) {
    Unit codes[ROWS];
    if (!PLAIN) {
      [[unroll]] for (uint r = 0; r < ROWS; ++r) codes[r] = load_unit(p.w, p.place, rows[r], unit);
    }
    vec2 s[ROWS];
    [[unroll]] for (uint q = 0; q < 8; ++q) {
      const uint column = unit * 32 + q * 4;
      vec4 x[TOKENS];
      [[unroll]] for (uint t = 0; t < TOKENS; ++t) x[t] = load_x(x_token[t], column);
      [[unroll]] for (uint r = 0; r < ROWS; ++r) {
        if (PLAIN) {
          const vec4 v = plain_quad(p.w, p.place, rows[r], unit, q);
          [[unroll]] for (uint t = 0; t < TOKENS; ++t) sums[r][t] += dot(v, x[t]);
          continue;
        }
        if (q == 0 || (GROUP % 32 != 0 && q % 2 == 0))
          s[r] = group_scales(p.w, p.place, rows[r], column / GROUP);
        const vec4 c = quad_of_codes(p.w, p.place, quad_codes(codes[r], q));
        const vec4 v = HAS_MIN == 0 ? c * s[r].x : c * s[r].x - s[r].y;
        [[unroll]] for (uint t = 0; t < TOKENS; ++t) sums[r][t] += dot(v, x[t]);
      }
    }
  }

  const uint y_first = EXPERTS != 0 ? gl_WorkGroupID.y : token;
  [[unroll]] for (uint r = 0; r < ROWS; ++r)
    [[unroll]] for (uint t = 0; t < TOKENS; ++t) {
      float sum = subgroupAdd(sums[r][t]);
      const uint at = (y_first + t) * p.n_out + first_row + r;
      if (gl_SubgroupInvocationID == 0 && first_row + r < p.n_out &&
          (EXPERTS != 0 || token + t < p.n_rows)) {
        if (!is_null(p.addend)) sum += Floats(p.addend).v[at];
        p.y.v[at] = sum;
      }
    }
}
