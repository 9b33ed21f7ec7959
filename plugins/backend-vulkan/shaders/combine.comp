// combine@1: a thread a value.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"

layout(push_constant) uniform Parameters {
  Floats x, routes, y;
  uint width, n_used;
} p;

void main() {
  const uint i = gl_WorkGroupID.x * THREADS + gl_LocalInvocationID.x, row = gl_WorkGroupID.y;
  if (i >= p.width) return;
  float sum = 0.0;
  for (uint k = 0; k < p.n_used; ++k)
    sum += p.routes.v[(2 * row + 1) * p.n_used + k] * p.x.v[(row * p.n_used + k) * p.width + i];
  p.y.v[row * p.width + i] = sum;
}
