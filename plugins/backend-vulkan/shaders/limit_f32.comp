// How fast f32 is multiplied and added. For limits.cpp alone.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"

layout(push_constant) uniform Parameters {
  Words4 from;
  Words never;  // written where sums are what they never are
  uint n_rounds;
  float x, y;
} p;

const uint CHAINS = 4;  // of 4 values, each waiting for its last sum

void main() {
  vec4 sums[CHAINS];
  [[unroll]] for (uint i = 0; i < CHAINS; ++i) sums[i] = vec4(gl_LocalInvocationID.x + i);
  for (uint round = 0; round < p.n_rounds; ++round)
    [[unroll]] for (uint repeat = 0; repeat < 8; ++repeat)
      [[unroll]] for (uint i = 0; i < CHAINS; ++i) sums[i] = fma(sums[i], vec4(p.x), vec4(p.y));
  vec4 all = vec4(0.0);
  [[unroll]] for (uint i = 0; i < CHAINS; ++i) all += sums[i];
  if (all.x + all.y + all.z + all.w == -1.0) p.never.v[0] = 1;
}
