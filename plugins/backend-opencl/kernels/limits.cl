// What a device does at most: MEASURE 0 reads memory, 16 words of 16 bytes an item; 1 multiplies and
// adds f32; 2 multiplies bytes and adds them. For device_limits.cpp alone.
#include "dot_bytes.clh"

#define WORDS 16
#define CHAINS 16  // each waiting for its last sum

kernel void limits(global const uint4* from, global uint* never, uint n_rounds, float x) {
#if MEASURE == 0
  const uint first = get_group_id(0) * get_local_size(0) * WORDS + get_local_id(0);
  uint4 words = 0;
#pragma unroll
  for (uint i = 0; i < WORDS; ++i) words ^= from[first + i * get_local_size(0)];
  const bool is_odd = (words.x ^ words.y ^ words.z ^ words.w) != 0;
#elif MEASURE == 1
  float4 sums[CHAINS / 4];
  for (uint i = 0; i < CHAINS / 4; ++i) sums[i] = (float)(get_local_id(0) + i);
  for (uint round = 0; round < n_rounds * 8; ++round)
#pragma unroll
    for (uint i = 0; i < CHAINS / 4; ++i) sums[i] = mad(sums[i], (float4)x, (float4)0.001f);
  const float4 all = sums[0] + sums[1] + sums[2] + sums[3];
  const bool is_odd = all.x + all.y + all.z + all.w == -1.0f;
#else
  int sums[CHAINS];
  for (uint i = 0; i < CHAINS; ++i) sums[i] = (int)(get_local_id(0) + i);
  for (uint round = 0; round < n_rounds * 8; ++round)
#pragma unroll
    for (uint i = 0; i < CHAINS; ++i) sums[i] += dot_bytes((uint)sums[i], as_uint(x));
  int all = 0;
  for (uint i = 0; i < CHAINS; ++i) all ^= sums[i] * (int)(2 * i + 1);
  const bool is_odd = all == 0x12345678;
#endif
  if (is_odd) never[0] = 1;  // what memory and sums never are, so nothing is left out
}
