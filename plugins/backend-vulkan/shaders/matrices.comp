// matmul@1 for many tokens by cooperative matrices (VK_NV_cooperative_matrix): f16 products, f32
// sums. A workgroup of 8 subgroups makes 128 rows of the weight by 128 tokens, a subgroup 64 by 32
// of them; 32 columns at a time are decoded into shared memory, two stages deep.
#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_KHR_memory_scope_semantics : require
#extension GL_NV_cooperative_matrix : require
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
#include "common.glsl"
#include "weight.glsl"

layout(push_constant) uniform Parameters {
  Words4 w;
  Floats x, y;
  uvec2 addend;
  uvec2 unused;
  WeightPlace place;
  uint n_in, n_out, n_rows, n_used, n_experts;
  float shrink;  // a power of two that brings the weight's values into the range of f16
} p;

const uint TILE = 128, STRIDE = 40;  // halves of a row of 32 columns: no two rows in the same banks
const uint STAGE = TILE * STRIDE / 4;

// Four halves each.
shared uvec2 weights[2 * STAGE];
shared uvec2 inputs[2 * STAGE];
// A matrix of each subgroup, on its way to memory: our compiler cannot store one by address.
shared float results[8 * 256];

// A thread decodes half a unit of a row: 16 columns.
struct Piece {
  vec4 w[4], x[4];
};

Piece load_piece(uint unit) {
  Piece piece;
  const uint me = gl_LocalInvocationID.x, r = me / 2, half_unit = me % 2;
  const uint row = min(gl_WorkGroupID.x * TILE + r, p.n_out - 1);
  const uint token = min(gl_WorkGroupID.y * TILE + r, p.n_rows - 1);
  Floats4 x = Floats4(p.x);
  const uint at = token * (p.n_in / 4) + unit * 8 + half_unit * 4;
  [[unroll]] for (uint q = 0; q < 4; ++q) piece.x[q] = x.v[at + q];
  if (PLAIN) {
    [[unroll]] for (uint q = 0; q < 4; ++q)
      piece.w[q] = plain_quad(p.w, p.place, row, unit, half_unit * 4 + q);
    return piece;
  }
  const Unit codes = load_unit(p.w, p.place, row, unit);
  vec2 s;
  [[unroll]] for (uint q = 0; q < 4; ++q) {
    if (q == 0 || (GROUP % 16 != 0 && q % 2 == 0))
      s = group_scales(p.w, p.place, row, (unit * 32 + half_unit * 16 + q * 4) / GROUP);
    const vec4 c = quad_of_codes(p.w, p.place, quad_codes(codes, half_unit * 4 + q));
    piece.w[q] = HAS_MIN == 0 ? c * s.x : c * s.x - s.y;
  }
  return piece;
}

uvec2 halves_of(vec4 v) {
  v = clamp(v, -65504.0, 65504.0);
  return uvec2(packHalf2x16(v.xy), packHalf2x16(v.zw));
}

void store_piece(Piece piece, uint stage) {
  const uint me = gl_LocalInvocationID.x, at = me / 2 * (STRIDE / 4) + me % 2 * 4;
  [[unroll]] for (uint q = 0; q < 4; ++q) {
    weights[stage * STAGE + at + q] = halves_of(piece.w[q] * p.shrink);
    inputs[stage * STAGE + at + q] = halves_of(piece.x[q]);
  }
}

void store(uint token, uint row, float sum) {
  if (token >= p.n_rows || row >= p.n_out) return;
  const uint at = token * p.n_out + row;
  sum /= p.shrink;
  if (!is_null(p.addend)) sum += Floats(p.addend).v[at];
  p.y.v[at] = sum;
}

void main() {
  // Of the workgroup's tile: 2 bands of 64 rows, 4 of 32 tokens.
  const uint band_rows = gl_SubgroupID % 2 * 64, band_tokens = gl_SubgroupID / 2 * 32;
  fcoopmatNV<32, gl_ScopeSubgroup, 16, 16> sums[2][4];  // [token][row], of 16
  [[unroll]] for (uint t = 0; t < 2; ++t)
    [[unroll]] for (uint r = 0; r < 4; ++r)
      sums[t][r] = fcoopmatNV<32, gl_ScopeSubgroup, 16, 16>(0.0);

  store_piece(load_piece(0), 0);
  barrier();
  for (uint unit = 0; unit < p.place.n_units; ++unit) {
    const uint stage = unit % 2;
    Piece next;
    if (unit + 1 < p.place.n_units) next = load_piece(unit + 1);
    [[unroll]] for (uint k = 0; k < 2; ++k) {
      fcoopmatNV<16, gl_ScopeSubgroup, 16, 16> a[2], b[4];
      [[unroll]] for (uint t = 0; t < 2; ++t)
        coopMatLoadNV(a[t], inputs, stage * STAGE + ((band_tokens + t * 16) * STRIDE + k * 16) / 4, STRIDE / 4,
                      false);
      [[unroll]] for (uint r = 0; r < 4; ++r)
        coopMatLoadNV(b[r], weights, stage * STAGE + ((band_rows + r * 16) * STRIDE + k * 16) / 4, STRIDE / 4,
                      true);
      [[unroll]] for (uint t = 0; t < 2; ++t)
        [[unroll]] for (uint r = 0; r < 4; ++r) sums[t][r] = coopMatMulAddNV(a[t], b[r], sums[t][r]);
    }
    if (unit + 1 < p.place.n_units) store_piece(next, 1 - stage);
    barrier();
  }
  [[unroll]] for (uint t = 0; t < 2; ++t)
    [[unroll]] for (uint r = 0; r < 4; ++r) {
      const uint mine = gl_SubgroupID * 256;
      coopMatStoreNV(sums[t][r], results, mine, 16, false);
      subgroupBarrier();
      const uint token = gl_WorkGroupID.y * TILE + band_tokens + t * 16;
      const uint row = gl_WorkGroupID.x * TILE + band_rows + r * 16;
      for (uint i = gl_SubgroupInvocationID; i < 256; i += gl_SubgroupSize)
        store(token + i / 16, row + i % 16, results[mine + i]);
      subgroupBarrier();
    }
}
