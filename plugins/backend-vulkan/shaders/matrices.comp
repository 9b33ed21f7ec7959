// matmul@1 for many tokens by cooperative matrices (VK_NV_cooperative_matrix): f16 products, f32
// sums. A workgroup makes TILE rows of the weight by TILE tokens, a subgroup of it ROW_MATRICES by
// TOKEN_MATRICES matrices; 32 columns at a time are decoded into shared memory, two stages deep.
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
} p;

layout(constant_id = 20) const uint ROW_MATRICES = 4;  // of 16 by 16, of a subgroup
layout(constant_id = 21) const uint TOKEN_MATRICES = 2;

// Two threads decode a row of the weight and one of the inputs, a half unit each.
const uint TILE = THREADS / 2, STRIDE = 40;  // halves of a row of 32 columns: no two rows in the same banks
const uint STAGE = TILE * STRIDE / 4;
const uint ROW_BANDS = TILE / (16 * ROW_MATRICES);

// Four halves each.
shared uvec2 weights[2 * STAGE];
shared uvec2 inputs[2 * STAGE];
// A matrix of each subgroup, on its way to memory: our compiler cannot store one by address.
shared float results[TILE / (16 * ROW_MATRICES) * (TILE / (16 * TOKEN_MATRICES)) * 256];

// As it was read: what is loaded is decoded only when it is stored, behind the products of the unit
// before, which the loads take their time beside.
struct Piece {
  Unit codes;
  vec2 scales[2];  // of 8 columns each
  vec4 plain[4];
  vec4 x[4];
};

// The power of two that brings a row's largest value between 2^13 and 2^14; products are f16.
float shrink_of(uint row) {
  const uint peak = Words(p.w).v[p.place.peaks * 4 + row];
  const int exponent = int(peak >> 23) - 127;
  return peak == 0 ? 1.0 : uintBitsToFloat(uint(clamp(13 - exponent, -100, 100) + 127) << 23);
}

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
      piece.plain[q] = plain_quad(p.w, p.place, row, unit, half_unit * 4 + q);
    return piece;
  }
  piece.codes = load_unit(p.w, p.place, row, unit);
  const uint column = unit * 32 + half_unit * 16;
  piece.scales[0] = group_scales(p.w, p.place, row, column / GROUP);
  piece.scales[1] = piece.scales[0];
  if (GROUP % 16 != 0) piece.scales[1] = group_scales(p.w, p.place, row, (column + 8) / GROUP);
  return piece;
}

uvec2 halves_of(vec4 v) {
  v = clamp(v, -65504.0, 65504.0);
  return uvec2(packHalf2x16(v.xy), packHalf2x16(v.zw));
}

void store_piece(Piece piece, uint stage, float shrink) {
  const uint me = gl_LocalInvocationID.x, at = stage * STAGE + me / 2 * (STRIDE / 4) + me % 2 * 4;
  [[unroll]] for (uint q = 0; q < 4; ++q) {
    vec4 w = piece.plain[q] * shrink;
    if (!PLAIN) {
      const vec2 s = shrink * piece.scales[q / 2];
      w = quad_of_codes(p.w, p.place, quad_codes(piece.codes, me % 2 * 4 + q)) * s.x;
      if (HAS_MIN != 0) w -= s.y;
    }
    weights[at + q] = halves_of(w);
    inputs[at + q] = halves_of(piece.x[q]);
  }
}

void store(uint token, uint row, float sum) {
  if (token >= p.n_rows || row >= p.n_out) return;
  const uint at = token * p.n_out + row;
  sum /= shrink_of(row);
  if (!is_null(p.addend)) sum += Floats(p.addend).v[at];
  p.y.v[at] = sum;
}

void main() {
  const uint band_rows = gl_SubgroupID % ROW_BANDS * ROW_MATRICES * 16;
  const uint band_tokens = gl_SubgroupID / ROW_BANDS * TOKEN_MATRICES * 16;
  const float shrink =
      shrink_of(min(gl_WorkGroupID.x * TILE + gl_LocalInvocationID.x / 2, p.n_out - 1));
  fcoopmatNV<32, gl_ScopeSubgroup, 16, 16> sums[TOKEN_MATRICES][ROW_MATRICES];
  [[unroll]] for (uint t = 0; t < TOKEN_MATRICES; ++t)
    [[unroll]] for (uint r = 0; r < ROW_MATRICES; ++r)
      sums[t][r] = fcoopmatNV<32, gl_ScopeSubgroup, 16, 16>(0.0);

  store_piece(load_piece(0), 0, shrink);
  barrier();
  for (uint unit = 0; unit < p.place.n_units; ++unit) {
    const uint stage = unit % 2 * STAGE;
    // The last unit is loaded once more, for nothing: a branch would end in waiting for its loads.
    const Piece next = load_piece(min(unit + 1, p.place.n_units - 1));
    [[unroll]] for (uint k = 0; k < 2; ++k) {
      fcoopmatNV<16, gl_ScopeSubgroup, 16, 16> a[TOKEN_MATRICES], b[ROW_MATRICES];
      [[unroll]] for (uint t = 0; t < TOKEN_MATRICES; ++t)
        coopMatLoadNV(a[t], inputs, stage + ((band_tokens + t * 16) * STRIDE + k * 16) / 4,
                      STRIDE / 4, false);
      [[unroll]] for (uint r = 0; r < ROW_MATRICES; ++r)
        coopMatLoadNV(b[r], weights, stage + ((band_rows + r * 16) * STRIDE + k * 16) / 4,
                      STRIDE / 4, true);
      [[unroll]] for (uint t = 0; t < TOKEN_MATRICES; ++t)
        [[unroll]] for (uint r = 0; r < ROW_MATRICES; ++r)
          sums[t][r] = coopMatMulAddNV(a[t], b[r], sums[t][r]);
    }
    store_piece(next, 1 - unit % 2, shrink);
    barrier();
  }
  [[unroll]] for (uint t = 0; t < TOKEN_MATRICES; ++t)
    [[unroll]] for (uint r = 0; r < ROW_MATRICES; ++r) {
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
