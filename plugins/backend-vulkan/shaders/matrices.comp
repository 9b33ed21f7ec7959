// matmul@1 for many tokens by cooperative matrices (matrix.glsl): f16 products, f32 sums. A workgroup
// makes TILE_ROWS rows of the weight by TILE_TOKENS tokens, a subgroup of it ROW_MATRICES by
// TOKEN_MATRICES matrices; 64 columns at a time are decoded into shared memory.
#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
#include "common.glsl"
#include "weight.glsl"
#include "halves.glsl"
#include "matrix.glsl"

layout(push_constant) uniform Parameters {
  Words4 w;
  Floats4 x;
  Floats4 y;
  uvec2 addend;
  uvec2 unused;
  WeightPlace place;
  uint n_in, n_out, n_rows, n_used, n_experts;
} p;

layout(constant_id = 20) const uint ROW_MATRICES = 4;  // of 16 by 16, of a subgroup
layout(constant_id = 21) const uint TOKEN_MATRICES = 4;
layout(constant_id = 22) const uint ROW_TEAMS = 2;     // subgroups beside each other
layout(constant_id = 23) const uint TOKEN_TEAMS = 2;
layout(constant_id = 24) const uint HAS_HALVES = 1;    // inputs are quads of f16, else f32
layout(constant_id = 25) const uint DEPTH = 2;         // units of a stage
layout(constant_id = 26) const uint BUFFERS = 1;       // stages in shared memory

const uint BAND_ROWS = 16 * ROW_MATRICES, BAND_TOKENS = 16 * TOKEN_MATRICES;
const uint TILE_ROWS = BAND_ROWS * ROW_TEAMS, TILE_TOKENS = BAND_TOKENS * TOKEN_TEAMS;
// Of 8 halves: a row of a stage and one more, so that no two rows lie in the same banks.
const uint STRIDE = 4 * DEPTH + 1;
const uint UNITS = TILE_ROWS * DEPTH / THREADS, CHUNKS = TILE_TOKENS * 4 * DEPTH / THREADS;
const uint BUFFER = (TILE_ROWS + TILE_TOKENS) * STRIDE;
const uint SCALES = GROUP % 32 == 0 ? 1 : GROUP % 16 == 0 ? 2 : 4;  // of a unit

// Weights, then inputs; in the end sums on their way to memory.
shared uvec4 tiles[BUFFERS * BUFFER];

// A thread's part of a stage, as it was read: what is loaded is decoded only when it is stored,
// behind the products of the stage before, which the loads take their time beside.
Unit codes[UNITS];
RawScales scales[UNITS * SCALES];
vec4 plain[PLAIN ? UNITS * 8 : 1];
uvec4 halves[HAS_HALVES != 0 ? CHUNKS : 1];
vec4 floats[HAS_HALVES != 0 ? 1 : 2 * CHUNKS];

float shrink[UNITS];  // of its rows

// The power of two that brings a row's largest value between 2^13 and 2^14; products are f16.
float shrink_of(uint row) {
  const uint peak = Words(p.w).v[p.place.peaks * 4 + min(row, p.n_out - 1)];
  const int exponent = int(peak >> 23) - 127;
  return peak == 0 ? 1.0 : uintBitsToFloat(uint(clamp(13 - exponent, -100, 100) + 127) << 23);
}

// DEPTH threads take a row of the weight, a unit each; four times as many a row of the inputs.
uint row_of(uint i) {
  return (gl_LocalInvocationID.x + i * THREADS) / DEPTH;
}
uint weight_row(uint i) {
  return min(gl_WorkGroupID.x * TILE_ROWS + row_of(i), p.n_out - 1);
}

void load_weights(uint unit) {
  [[unroll]] for (uint i = 0; i < UNITS; ++i) {
    const uint row = weight_row(i);
    if (PLAIN) {
      [[unroll]] for (uint q = 0; q < 8; ++q)
        plain[i * 8 + q] = plain_quad(p.w, p.place, row, unit, q);
      continue;
    }
    codes[i] = load_unit(p.w, p.place, row, unit);
    [[unroll]] for (uint s = 0; s < SCALES; ++s)
      scales[i * SCALES + s] =
          load_scales(p.w, p.place, row, (unit * 32 + s * (32 / SCALES)) / GROUP);
  }
}

void load_inputs(uint stage) {
  [[unroll]] for (uint i = 0; i < CHUNKS; ++i) {
    const uint chunk = gl_LocalInvocationID.x + i * THREADS;
    const uint token = min(gl_WorkGroupID.y * TILE_TOKENS + chunk / (4 * DEPTH), p.n_rows - 1);
    // Of 8 columns. Those behind the last meet weights that are zero.
    const uint at = token * (p.n_in / 8) + min(stage * 4 * DEPTH + chunk % (4 * DEPTH), p.n_in / 8 - 1);
    if (HAS_HALVES != 0) {
      halves[i] = Words4(p.x).v[at];
    } else {
      floats[2 * i] = p.x.v[2 * at];
      floats[2 * i + 1] = p.x.v[2 * at + 1];
    }
  }
}

uint my_unit(uint stage) {
  return DEPTH * stage + gl_LocalInvocationID.x % DEPTH;
}

void load_stage(uint stage) {
  load_weights(min(my_unit(stage), p.place.n_units - 1));
  load_inputs(stage);
}

// Quad q of unit i, in the order of halves.glsl.
uvec2 stored_quad(uint i, uint q, f16vec2 scale, f16vec2 shift, vec2 wide) {
  if (PLAIN) return halves_of(plain[i * 8 + q] * shrink[i]);
  const uint four = quad_codes(codes[i], q);
  if (KIND == TABLE) {
    vec4 w = quad_of_codes(p.w, p.place, four) * wide.x;
    return halves_of(HAS_MIN != 0 ? w - wide.y : w);
  }
  // A byte becomes the low bits of 1024, and 1024 and the zero point go in one subtraction.
  const f16vec2 zero = f16vec2(float16_t(1024 + ZERO_POINT));
  const f16vec2 even = unpackFloat2x16(four & 0x00ff00ffu | 0x64006400u) - zero;
  const f16vec2 odd = unpackFloat2x16(four >> 8 & 0x00ff00ffu | 0x64006400u) - zero;
  if (HAS_MIN == 0) return uvec2(packFloat2x16(even * scale), packFloat2x16(odd * scale));
  return uvec2(packFloat2x16(fma(even, scale, shift)), packFloat2x16(fma(odd, scale, shift)));
}

void store_weights(uint stage, uint buffer_at) {
  const uint unit = my_unit(stage);
  const bool is_there = unit < p.place.n_units;
  [[unroll]] for (uint i = 0; i < UNITS; ++i) {
    const uint at = buffer_at + row_of(i) * STRIDE + gl_LocalInvocationID.x % DEPTH * 4;
    vec2 s;
    [[unroll]] for (uint q = 0; q < 8; q += 2) {
      if (!PLAIN && q * SCALES % 8 == 0)
        s = shrink[i] * decode_scales(scales[i * SCALES + q * SCALES / 8], p.place,
                                      weight_row(i), (unit * 32 + q * 4) / GROUP);
      const f16vec2 scale = f16vec2(float16_t(s.x)), shift = f16vec2(float16_t(-s.y));
      const uvec4 eight = uvec4(stored_quad(i, q, scale, shift, s),
                                stored_quad(i, q + 1, scale, shift, s));
      tiles[at + q / 2] = is_there ? eight : uvec4(0);
    }
  }
}

void store_inputs(uint buffer_at) {
  [[unroll]] for (uint i = 0; i < CHUNKS; ++i) {
    const uint chunk = gl_LocalInvocationID.x + i * THREADS;
    tiles[buffer_at + (TILE_ROWS + chunk / (4 * DEPTH)) * STRIDE + chunk % (4 * DEPTH)] =
        HAS_HALVES != 0 ? halves[i]
                        : uvec4(halves_of(floats[2 * i]), halves_of(floats[2 * i + 1]));
  }
}

void store_stage(uint stage) {
  store_weights(stage, stage % BUFFERS * BUFFER);
  store_inputs(stage % BUFFERS * BUFFER);
}

// 16 tokens of a subgroup's rows: a thread writes four rows of a token at a time.
void write_sums(uint first_token, uint first_row, uint staged) {
  const uint row = first_row + gl_SubgroupInvocationID % (BAND_ROWS / 4) * 4;
  vec4 factor;
  [[unroll]] for (uint i = 0; i < 4; ++i) factor[i] = 1.0 / shrink_of(row + i);
  for (uint i = gl_SubgroupInvocationID; i < 4 * BAND_ROWS; i += gl_SubgroupSize) {
    const uint token = first_token + i / (BAND_ROWS / 4);
    if (token >= p.n_rows || row >= p.n_out) continue;
    const uvec4 bits = tiles[staged + i / (BAND_ROWS / 4) * (BAND_ROWS / 4 + 1) + i % (BAND_ROWS / 4)];
    vec4 sum = uintBitsToFloat(bits) * factor;
    const uint at = token * p.n_out + row;
    if (p.n_out % 4 == 0) {
      if (!is_null(p.addend)) sum += Floats4(p.addend).v[at / 4];
      p.y.v[at / 4] = sum;
    } else {
      for (uint j = 0; j < min(4, p.n_out - row); ++j)
        Floats(p.y).v[at + j] = is_null(p.addend) ? sum[j] : sum[j] + Floats(p.addend).v[at + j];
    }
  }
}

void main() {
  const uint band_row = gl_SubgroupID % ROW_TEAMS * BAND_ROWS;
  const uint band_token = gl_SubgroupID / ROW_TEAMS * BAND_TOKENS;
  const uint n_stages = (p.place.n_units + DEPTH - 1) / DEPTH;
  [[unroll]] for (uint i = 0; i < UNITS; ++i) shrink[i] = shrink_of(weight_row(i));
  Sums sums[TOKEN_MATRICES][ROW_MATRICES];
  [[unroll]] for (uint t = 0; t < TOKEN_MATRICES; ++t)
    [[unroll]] for (uint r = 0; r < ROW_MATRICES; ++r)
      sums[t][r] = Sums(0.0);

  load_stage(0);
  store_stage(0);
  barrier();
  for (uint stage = 0; stage < n_stages; ++stage) {
    const uint buffer_at = stage % BUFFERS * BUFFER;
    // The last stage is loaded once more, for nothing: a branch would end in waiting for its loads.
    load_stage(min(stage + 1, n_stages - 1));
    [[unroll]] for (uint k = 0; k < 2 * DEPTH; ++k) {
      Left a;
      Right b[ROW_MATRICES];
      [[unroll]] for (uint r = 0; r < ROW_MATRICES; ++r)
        coopMatLoadNV(b[r], tiles, buffer_at + (band_row + r * 16) * STRIDE + k * 2, STRIDE, true);
      [[unroll]] for (uint t = 0; t < TOKEN_MATRICES; ++t) {
        coopMatLoadNV(a, tiles, buffer_at + (TILE_ROWS + band_token + t * 16) * STRIDE + k * 2,
                      STRIDE, false);
        [[unroll]] for (uint r = 0; r < ROW_MATRICES; ++r)
          sums[t][r] = coopMatMulAddNV(a, b[r], sums[t][r]);
      }
    }
    if (BUFFERS == 1) barrier();
    store_stage(stage + 1);
    barrier();
  }
  const uint staged = gl_SubgroupID * 16 * (BAND_ROWS / 4 + 1);
  [[unroll]] for (uint t = 0; t < TOKEN_MATRICES; ++t) {
    [[unroll]] for (uint r = 0; r < ROW_MATRICES; ++r)
      coopMatStoreNV(sums[t][r], tiles, staged + r * 4, BAND_ROWS / 4 + 1, false);
    subgroupMemoryBarrierShared();
    subgroupBarrier();
    write_sums(gl_WorkGroupID.y * TILE_TOKENS + band_token + t * 16,
               gl_WorkGroupID.x * TILE_ROWS + band_row, staged);
    subgroupBarrier();
  }
}
