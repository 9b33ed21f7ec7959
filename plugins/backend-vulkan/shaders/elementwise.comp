// add@1 mul@1 scale@1 softcap@1 silu@1 swiglu@1 gelu@1: a thread a value.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "functions.glsl"
#include "halves.glsl"

layout(constant_id = 20) const uint OP = 0;         // as in ops/elementwise.cpp
layout(constant_id = 21) const uint IS_VECTOR = 0;  // b is one row for all
layout(constant_id = 22) const uint HAS_HALVES = 0;  // a thread makes a quad of f16; n_values counts quads

layout(push_constant) uniform Parameters {
  Floats a, b, y;
  uint width, n_values;
  float factor;
} p;

float gelu(float x) {
  return 0.5 * x * (1.0 + exact_tanh(0.797884560802865 * (x + 0.044715 * x * x * x)));
}

void main() {
  const uint i =
      (gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x) * THREADS + gl_LocalInvocationID.x;
  if (i >= p.n_values) return;
  if (HAS_HALVES != 0) {  // swiglu alone
    const vec4 gate = Floats4(p.a).v[i];
    vec4 y;
    [[unroll]] for (uint j = 0; j < 4; ++j) y[j] = silu(gate[j]);
    Quads(p.y).v[i] = halves_of(y * Floats4(p.b).v[i]);
    return;
  }
  const float a = p.a.v[i];
  float y = 0.0;
  if (OP == 0) y = a + p.b.v[IS_VECTOR != 0 ? i % p.width : i];
  if (OP == 1) y = a * p.b.v[IS_VECTOR != 0 ? i % p.width : i];
  if (OP == 2) y = a * p.factor;
  if (OP == 3) y = p.factor * exact_tanh(a / p.factor);
  if (OP == 4) y = silu(a);
  if (OP == 5) y = silu(a) * p.b.v[i];
  if (OP == 6) y = gelu(a);
  p.y.v[i] = y;
}
