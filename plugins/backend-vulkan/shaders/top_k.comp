// top_k@1: a workgroup sorts a piece of a row and keeps its k first. The pieces' k first are the row
// of the next dispatch, until one piece is left: its k first are the result.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"

layout(constant_id = 20) const uint IS_FIRST = 0;  // reads values of x; else what is kept
layout(constant_id = 21) const uint IS_LAST = 0;   // writes the result; else what is kept

layout(buffer_reference, std430, buffer_reference_align = 8) buffer Kept { uvec2 v[]; };

layout(push_constant) uniform Parameters {
  Floats x, y;
  Kept from, to;  // (rank, column), n_from and n_to a row
  uint width, n_from, n_to, k;
} p;

const uint PIECE = 1024;  // a power of two
shared uvec2 items[PIECE];

// An integer of the order of values: no float is compared, so none is flushed to zero.
uint rank(uint bits) {
  if ((bits & 0x7fffffffu) == 0) return 0x80000000u;
  if ((bits & 0x7fffffffu) > 0x7f800000u || bits == 0x7f800000u) return 0xffffffffu;
  return (bits & 0x80000000u) != 0 ? ~bits : bits | 0x80000000u;
}

bool comes_before(uvec2 a, uvec2 b) {
  return a.x > b.x || (a.x == b.x && a.y < b.y);
}

// Bitonic sort (Batcher, 1968).
void sort() {
  for (uint size = 2; size <= PIECE; size *= 2)
    for (uint stride = size / 2; stride > 0; stride /= 2) {
      barrier();
      for (uint i = gl_LocalInvocationID.x; i < PIECE / 2; i += THREADS) {
        const uint low = 2 * i - (i & (stride - 1)), high = low + stride;
        const uvec2 a = items[low], b = items[high];
        if (comes_before(b, a) == ((low & size) == 0)) items[low] = b, items[high] = a;
      }
    }
  barrier();
}

void main() {
  const uint me = gl_LocalInvocationID.x, piece = gl_WorkGroupID.x, row = gl_WorkGroupID.y;
  for (uint i = me; i < PIECE; i += THREADS) {
    const uint at = piece * PIECE + i;
    uvec2 item = uvec2(0, 0xffffffffu);  // behind every value
    if (at < p.n_from)
      item = IS_FIRST != 0 ? uvec2(rank(floatBitsToUint(p.x.v[row * p.width + at])), at)
                           : p.from.v[row * p.n_from + at];
    items[i] = item;
  }
  sort();
  for (uint i = me; i < p.k; i += THREADS) {
    const uvec2 item = items[i];
    if (IS_LAST != 0) {
      p.y.v[row * 2 * p.k + i] = float(item.y);
      p.y.v[(row * 2 + 1) * p.k + i] = p.x.v[row * p.width + min(item.y, p.width - 1)];
    } else {
      p.to.v[row * p.n_to + piece * p.k + i] = item;
    }
  }
}
