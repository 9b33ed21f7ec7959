// rms_norm@1 and layer_norm@1: a workgroup a part of a row.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "halves.glsl"

layout(constant_id = 20) const uint IS_LAYER = 0;
layout(constant_id = 21) const uint HAS_HALVES = 0;  // y is quads of f16

layout(push_constant) uniform Parameters {
  Floats x, w, y;
  uvec2 bias;
  uint part, n_parts;  // n_parts: of all rows
  float epsilon;
} p;

void main() {
  const uint index = gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x;
  if (index >= p.n_parts) return;
  const uint first = index * p.part;
  float total = 0.0, mean = 0.0;
  if (IS_LAYER != 0) {
    for (uint i = gl_LocalInvocationID.x; i < p.part; i += THREADS) total += p.x.v[first + i];
    mean = workgroup_sum(total) / float(p.part);
    total = 0.0;
  }
  for (uint i = gl_LocalInvocationID.x; i < p.part; i += THREADS) {
    const float d = p.x.v[first + i] - mean;
    total += d * d;
  }
  const float scale = 1.0 / sqrt(workgroup_sum(total) / float(p.part) + p.epsilon);
  if (HAS_HALVES != 0) {
    for (uint q = gl_LocalInvocationID.x; q < p.part / 4; q += THREADS) {
      vec4 y = (Floats4(p.x).v[first / 4 + q] - mean) * scale * Floats4(p.w).v[q];
      if (!is_null(p.bias)) y += Floats4(p.bias).v[q];
      Quads(p.y).v[first / 4 + q] = halves_of(y);
    }
    return;
  }
  for (uint i = gl_LocalInvocationID.x; i < p.part; i += THREADS) {
    float y = (p.x.v[first + i] - mean) * scale * p.w.v[i];
    if (!is_null(p.bias)) y += Floats(p.bias).v[i];
    p.y.v[first + i] = y;
  }
}
