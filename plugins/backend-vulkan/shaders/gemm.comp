// matmul@1 for many tokens, in f32: 64 rows of the weight by 64 tokens a workgroup of 256 threads, 4
// by 4 results each; a unit of 32 columns at a time is decoded into shared memory.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "weight.glsl"

layout(constant_id = 22) const uint EVEN = 1;  // as in matvec.comp

layout(push_constant) uniform Parameters {
  Words4 w;
  Floats x, y;
  uvec2 addend;
  uvec2 unused;
  WeightPlace place;
  uint n_in, n_out, n_rows, n_used, n_experts;
} p;

shared vec4 weights[32][16];  // [column][row / 4]
shared vec4 inputs[32][16];   // [column][token / 4]

void load_weights(uint first_row, uint unit) {
  for (uint i = gl_LocalInvocationID.x; i < 64 * 8; i += THREADS) {
    const uint r = i / 8, q = i % 8;
    const vec4 v = weight_quad(p.w, p.place, min(first_row + r, p.n_out - 1), unit, q);
    [[unroll]] for (uint k = 0; k < 4; ++k) weights[q * 4 + k][r / 4][r % 4] = v[k];
  }
}

void load_inputs(uint first_token, uint unit) {
  for (uint i = gl_LocalInvocationID.x; i < 64 * 8; i += THREADS) {
    const uint t = i / 8, q = i % 8, column = unit * 32 + q * 4;
    const uint at = min(first_token + t, p.n_rows - 1) * p.n_in + column;
    vec4 v = vec4(0.0);
    if (EVEN != 0) {
      v = Floats4(p.x).v[at / 4];
    } else {
      [[unroll]] for (uint k = 0; k < 4; ++k)
        if (column + k < p.n_in) v[k] = p.x.v[at + k];
    }
    [[unroll]] for (uint k = 0; k < 4; ++k) inputs[q * 4 + k][t / 4][t % 4] = v[k];
  }
}

void main() {
  const uint first_row = gl_WorkGroupID.x * 64, first_token = gl_WorkGroupID.y * 64;
  const uint r = gl_LocalInvocationID.x % 16, t = gl_LocalInvocationID.x / 16;
  vec4 sums[4] = vec4[4](vec4(0.0), vec4(0.0), vec4(0.0), vec4(0.0));  // by token, of four rows
  for (uint unit = 0; unit < p.place.n_units; ++unit) {
    load_weights(first_row, unit);
    load_inputs(first_token, unit);
    barrier();
    for (uint k = 0; k < 32; ++k) {
      const vec4 w = weights[k][r], x = inputs[k][t];
      [[unroll]] for (uint i = 0; i < 4; ++i) sums[i] += w * x[i];
    }
    barrier();
  }
  [[unroll]] for (uint i = 0; i < 4; ++i)
    [[unroll]] for (uint j = 0; j < 4; ++j) {
      const uint token = first_token + t * 4 + i, row = first_row + r * 4 + j;
      if (token >= p.n_rows || row >= p.n_out) continue;
      float sum = sums[i][j];
      if (!is_null(p.addend)) sum += Floats(p.addend).v[token * p.n_out + row];
      p.y.v[token * p.n_out + row] = sum;
    }
}
