// rope@1: a thread a pair, or a value that stays. Cosine and sine come from a table by position,
// made by the host in f64: no device's sine is exact where angles are large.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"

layout(constant_id = 20) const uint HALVES = 0;  // layout 1

layout(push_constant) uniform Parameters {
  Floats x, y;
  Tokens tokens;
  Words2 table;  // [position][n_rotary / 2] cosine and sine, times the magnitude
  uint width, head_dim, n_rotary, n_rows;
} p;

void main() {
  const uint threads_a_head = p.n_rotary / 2 + (p.head_dim - p.n_rotary);
  const uint n_heads = p.width / p.head_dim;
  const uint index = gl_WorkGroupID.x * THREADS + gl_LocalInvocationID.x, token = gl_WorkGroupID.y;
  if (index >= threads_a_head * n_heads) return;
  const uint first = token * p.width + index / threads_a_head * p.head_dim;
  const uint i = index % threads_a_head, n_pairs = p.n_rotary / 2;
  if (i >= n_pairs) {
    const uint at = first + p.n_rotary + (i - n_pairs);
    p.y.v[at] = p.x.v[at];
    return;
  }
  const uint a = first + (HALVES != 0 ? i : 2 * i);
  const uint b = HALVES != 0 ? a + n_pairs : a + 1;
  const vec2 turn = uintBitsToFloat(p.table.v[p.tokens.v[token].position * n_pairs + i]);
  const float x = p.x.v[a], y = p.x.v[b];
  p.y.v[a] = x * turn.x - y * turn.y;
  p.y.v[b] = x * turn.y + y * turn.x;
}
