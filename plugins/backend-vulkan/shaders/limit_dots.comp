// How fast bytes are multiplied and added by the integer dot product. For limits.cpp alone.
#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_spirv_intrinsics : require
#include "common.glsl"

layout(push_constant) uniform Parameters {
  Words4 from;
  Words never;  // written where sums are what they never are
  uint n_rounds;
  float x, y;
} p;

// As in dots.comp.
spirv_instruction(extensions = ["SPV_KHR_integer_dot_product"], capabilities = [6018, 6019], id = 4452)
int dot_bytes(uint signed_bytes, uint unsigned_bytes, spirv_literal int format);

const uint CHAINS = 16;  // each waiting for its last sum

void main() {
  int sums[CHAINS];
  [[unroll]] for (uint i = 0; i < CHAINS; ++i) sums[i] = int(gl_LocalInvocationID.x + i);
  for (uint round = 0; round < p.n_rounds; ++round)
    [[unroll]] for (uint repeat = 0; repeat < 8; ++repeat)
      [[unroll]] for (uint i = 0; i < CHAINS; ++i)
        sums[i] += dot_bytes(uint(sums[i]), floatBitsToUint(p.x), 0);
  int all = 0;
  [[unroll]] for (uint i = 0; i < CHAINS; ++i) all ^= sums[i] * int(2 * i + 1);
  if (all == 0x12345678) p.never.v[0] = 1;
}
