// How fast cooperative matrices of f16 are multiplied with sums in f32, in the shape in which
// matrices.comp uses them. For limits.cpp alone.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "matrix.glsl"

layout(push_constant) uniform Parameters {
  Words4 from;
  Words never;  // written where sums are what they never are
  uint n_rounds;
  float x, y;
} p;

const uint ROWS = 4, TOKENS = 2;  // matrices of 16 by 16
shared float results[THREADS / 32 * 256];  // subgroups of 32 threads

void main() {
  Left a[TOKENS];
  Right b[ROWS];
  Sums sums[TOKENS * ROWS];
  [[unroll]] for (uint t = 0; t < TOKENS; ++t)
    a[t] = Left(float16_t(p.x + float(t)));
  [[unroll]] for (uint r = 0; r < ROWS; ++r)
    b[r] = Right(float16_t(p.y + float(r)));
  [[unroll]] for (uint i = 0; i < TOKENS * ROWS; ++i)
    sums[i] = Sums(float(i));
  for (uint round = 0; round < p.n_rounds; ++round)
    [[unroll]] for (uint repeat = 0; repeat < 2; ++repeat)
      [[unroll]] for (uint t = 0; t < TOKENS; ++t)
        [[unroll]] for (uint r = 0; r < ROWS; ++r)
          sums[t * ROWS + r] = coopMatMulAddNV(a[t], b[r], sums[t * ROWS + r]);
  float all = 0.0;
  [[unroll]] for (uint i = 0; i < TOKENS * ROWS; ++i) {
    coopMatStoreNV(sums[i], results, gl_SubgroupID * 256, 16, false);
    subgroupBarrier();
    all += results[gl_SubgroupID * 256 + gl_SubgroupInvocationID];
    subgroupBarrier();
  }
  if (all == -1.0) p.never.v[0] = 1;
}
