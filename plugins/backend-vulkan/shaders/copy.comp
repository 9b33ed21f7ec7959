// slice@1 and select_rows@1: a thread a value.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"

layout(constant_id = 20) const uint SELECT = 0;

layout(push_constant) uniform Parameters {
  Floats x, y;
  Words outputs;
  uint begin, n_cols, width;
} p;

void main() {
  const uint i = gl_WorkGroupID.x * THREADS + gl_LocalInvocationID.x, row = gl_WorkGroupID.y;
  if (i >= p.n_cols) return;
  const uint from = SELECT != 0 ? p.outputs.v[row] : row;
  p.y.v[row * p.n_cols + i] = p.x.v[from * p.width + p.begin + i];
}
