// embed@1: a thread decodes four columns of one token's row.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "weight.glsl"

layout(push_constant) uniform Parameters {
  Words4 w;
  Floats y;
  Tokens tokens;
  WeightPlace place;
  uint width, n_rows;
} p;

void main() {
  const uint quad = gl_WorkGroupID.x * THREADS + gl_LocalInvocationID.x, token = gl_WorkGroupID.y;
  const uint column = quad * 4;
  if (column >= p.width) return;
  const vec4 v = weight_quad(p.w, p.place, uint(p.tokens.v[token].id), quad / 8, quad % 8);
  [[unroll]] for (uint i = 0; i < 4; ++i)
    if (column + i < p.width) p.y.v[token * p.width + column + i] = v[i];
}
