// How fast memory is read: a workgroup reads 16 words of 16 bytes a thread. For limits.cpp alone.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"

layout(push_constant) uniform Parameters {
  Words4 from;
  Words never;  // written where the memory holds what it never does
} p;

const uint WORDS = 16;

void main() {
  const uint first = gl_WorkGroupID.x * THREADS * WORDS + gl_LocalInvocationID.x;
  uvec4 all = uvec4(0);
  [[unroll]] for (uint i = 0; i < WORDS; ++i) all ^= p.from.v[first + i * THREADS];
  if ((all.x ^ all.y ^ all.z ^ all.w) != 0) p.never.v[0] = all.x;
}
