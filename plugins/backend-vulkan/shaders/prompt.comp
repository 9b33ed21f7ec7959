// attention@1 for many tokens by cooperative matrices (matrix.glsl), keys and values in f16: a
// workgroup makes 64 rows, which are tokens by the query heads that share keys, over KEYS positions at
// a time with an online softmax (Dao et al., 2022, arXiv 2205.14135).
#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_KHR_shader_subgroup_quad : require
#include "common.glsl"
#include "functions.glsl"
#include "halves.glsl"
#include "matrix.glsl"
#include "state.glsl"

layout(constant_id = 20) const uint HEAD_DIM = 64;  // of 16 dimensions, as VALUE_DIM
layout(constant_id = 21) const uint VALUE_DIM = 64;
layout(constant_id = 22) const uint SOFTCAP = 0;
layout(constant_id = 23) const uint HEADS = 1;       // of a token that a workgroup makes
layout(constant_id = 24) const uint HAS_HALVES = 0;  // y is quads of f16
layout(constant_id = 25) const uint KEYS = 64;

layout(push_constant) uniform Parameters {
  Floats4 q, y;
  Tokens tokens;
  Runs runs;
  Blocks blocks;
  uint n_heads, n_kv_heads, window;  // window 0: none
  uint keys_at, values_at;           // pairs from the block's begin
  float scale, softcap;
  uint n_tokens;
} p;

const uint ROWS = 64, BAND = 16;  // a subgroup has a band of the rows
// In shared memory, in 16 bytes: rows of f16, of f32 scores and of f16 weights in their place, each
// one longer than it must be, so that no two rows lie in the same banks.
const uint KEY_CHUNKS = HEAD_DIM / 8, VALUE_CHUNKS = VALUE_DIM / 8;
const uint STRIDE = (KEY_CHUNKS > VALUE_CHUNKS ? KEY_CHUNKS : VALUE_CHUNKS) + 1;
const uint SCORE_STRIDE = KEYS / 4 + 1;

shared uvec4 rows[ROWS * STRIDE];  // queries, then keys and values in turn
shared uvec4 scores[ROWS * SCORE_STRIDE];
shared uvec4 factors[ROWS * 4];  // 16 times the same f32

Left queries[HEAD_DIM / 16];
Sums sums[VALUE_DIM / 16];

// Two threads share a row.
#define MINUS_INFINITY uintBitsToFloat(0xff800000u)
uint my_row, my_half, my_position;
bool is_mine;  // the row belongs to the run that is attended
float most = MINUS_INFINITY, total = 0.0;

uint first_token() {
  return (gl_NumWorkGroups.y - 1 - gl_WorkGroupID.y) * (ROWS / HEADS);  // those that see most first
}
uint first_head() {
  return gl_WorkGroupID.x * HEADS;
}
uint first_seen(uint position) {
  return p.window > 0 && position >= p.window ? position - p.window + 1 : 0;
}

void load_queries() {
  for (uint i = gl_LocalInvocationID.x; i < ROWS * KEY_CHUNKS; i += THREADS) {
    const uint row = i / KEY_CHUNKS, chunk = i % KEY_CHUNKS;
    const uint token = min(first_token() + row / HEADS, p.n_tokens - 1);
    const uint at = (token * p.n_heads + first_head() + row % HEADS) * (HEAD_DIM / 4) + 2 * chunk;
    const vec4 a = clamp(p.q.v[at], -65504.0, 65504.0), b = clamp(p.q.v[at + 1], -65504.0, 65504.0);
    rows[row * STRIDE + chunk] = uvec4(packHalf2x16(a.xy), packHalf2x16(a.zw), packHalf2x16(b.xy),
                                       packHalf2x16(b.zw));
  }
  barrier();
  [[unroll]] for (uint d = 0; d < HEAD_DIM / 16; ++d)
    coopMatLoadNV(queries[d], rows, gl_SubgroupID * BAND * STRIDE + 2 * d, STRIDE, false);
}

// Positions from `chunk` on of a plane of the run's blocks. What nobody sees may be anything, and
// becomes zero.
void load_rows(uint first_block, uint plane, uint n_chunks, uint chunk, uint begin, uint last) {
  const uint kv_head = first_head() / (p.n_heads / p.n_kv_heads);
  for (uint i = gl_LocalInvocationID.x; i < KEYS * n_chunks; i += THREADS) {
    const uint row = i / n_chunks, position = chunk + row;
    uvec4 eight = uvec4(0);
    if (position >= begin && position <= last) {
      Words4 block = Words4(p.blocks.v[first_block + position / 32]);
      eight = block.v[plane / 4 + (kv_head * 32 + position % 32) * n_chunks + i % n_chunks];
    }
    rows[row * STRIDE + i % n_chunks] = eight;
  }
}

void make_scores() {
  Sums made[KEYS / 16];
  [[unroll]] for (uint k = 0; k < KEYS / 16; ++k) {
    made[k] = Sums(0.0);
    [[unroll]] for (uint d = 0; d < HEAD_DIM / 16; ++d) {
      Right keys;
      coopMatLoadNV(keys, rows, k * 16 * STRIDE + 2 * d, STRIDE, true);
      made[k] = coopMatMulAddNV(queries[d], keys, made[k]);
    }
    coopMatStoreNV(made[k], scores, gl_SubgroupID * BAND * SCORE_STRIDE + 4 * k, SCORE_STRIDE, false);
  }
}

float finish_score(float sum, uint position) {
  sum *= p.scale;
  if (SOFTCAP != 0) sum = p.softcap * exact_tanh(sum / p.softcap);
  const bool is_seen = is_mine && position <= my_position && position >= first_seen(my_position);
  return is_seen ? sum : MINUS_INFINITY;
}

void put_factor(float factor) {
  const uvec4 four = uvec4(floatBitsToUint(factor));
  factors[my_row * 4 + 2 * my_half] = four;
  factors[my_row * 4 + 2 * my_half + 1] = four;
}

// Scores become weights; returns whether a row's sums are to be divided by its factor.
bool soften(uint chunk) {
  vec4 s[KEYS / 8];
  float largest = MINUS_INFINITY;
  [[unroll]] for (uint i = 0; i < KEYS / 8; ++i) {
    const uint four = 2 * i + my_half;
    s[i] = uintBitsToFloat(scores[my_row * SCORE_STRIDE + four]);
    [[unroll]] for (uint j = 0; j < 4; ++j) {
      s[i][j] = finish_score(s[i][j], chunk + 4 * four + j);
      largest = max(largest, s[i][j]);
    }
  }
  largest = max(max(largest, subgroupQuadSwapHorizontal(largest)), most);
  const float base = largest == MINUS_INFINITY ? 0.0 : largest;  // nothing seen so far
  const float factor = most == largest ? 1.0 : exp(base - most);
  most = largest;
  total /= factor;
  subgroupBarrier();  // both threads have read the row
  [[unroll]] for (uint i = 0; i < KEYS / 8; ++i) {
    const vec4 weights = exp(s[i] - base);
    total += weights.x + weights.y + weights.z + weights.w;
    const uvec2 four = uvec2(packHalf2x16(weights.xy), packHalf2x16(weights.zw));
    if (my_half == 0) scores[my_row * SCORE_STRIDE + i].xy = four;
    else scores[my_row * SCORE_STRIDE + i].zw = four;
  }
  put_factor(factor);
  return subgroupMax(factor) != 1.0;
}

// Precise: the optimizer of our compiler tries to simplify any other quotient, and crashes.
Sums quotient(Sums a, Sums b) {
  precise Sums made = a / b;
  return made;
}

void divide_sums() {
  Sums divisors;
  coopMatLoadNV(divisors, factors, gl_SubgroupID * BAND * 4, 4, false);
  [[unroll]] for (uint d = 0; d < VALUE_DIM / 16; ++d)
    sums[d] = quotient(sums[d], divisors);
}

void add_values() {
  [[unroll]] for (uint k = 0; k < KEYS / 16; ++k) {
    Left weights;
    Right values;
    coopMatLoadNV(weights, scores, gl_SubgroupID * BAND * SCORE_STRIDE + 2 * k, SCORE_STRIDE, false);
    [[unroll]] for (uint d = 0; d < VALUE_DIM / 16; ++d) {
      coopMatLoadNV(values, rows, k * 16 * STRIDE + 2 * d, STRIDE, false);
      sums[d] = coopMatMulAddNV(weights, values, sums[d]);
    }
  }
}

// Tokens token .. end - 1 of the tile, which belong to one run.
void attend(uint token, uint end, Token first, uint first_block) {
  const uint mine = first_token() + my_row / HEADS;
  is_mine = mine >= token && mine < end;
  my_position = first.position + mine - token;
  const uint begin = first_seen(first.position), last = first.position + end - 1 - token;
  for (uint chunk = begin / KEYS * KEYS; chunk <= last; chunk += KEYS) {
    barrier();
    load_rows(first_block, p.keys_at, KEY_CHUNKS, chunk, begin, last);
    barrier();
    make_scores();
    barrier();
    load_rows(first_block, p.values_at, VALUE_CHUNKS, chunk, begin, last);
    const bool divides = soften(chunk);
    barrier();
    if (divides) divide_sums();
    add_values();
  }
}

// 64 dimensions of every row at a time, on their way through the memory of the scores.
void write_sums() {
  const uint WIDE = min(VALUE_DIM, KEYS);
  const uint band = gl_SubgroupID * BAND;
  for (uint first = 0; first < VALUE_DIM; first += WIDE) {
    const uint n_fours = min(WIDE, VALUE_DIM - first) / 4;
    [[unroll]] for (uint d = 0; d < VALUE_DIM / 16; ++d)
      if (d * 16 >= first && d * 16 < first + WIDE)
        coopMatStoreNV(sums[d], scores, band * SCORE_STRIDE + (d * 16 - first) / 4, SCORE_STRIDE, false);
    subgroupMemoryBarrierShared();
    subgroupBarrier();
    for (uint i = gl_SubgroupInvocationID; i < BAND * n_fours; i += gl_SubgroupSize) {
      const uint row = band + i / n_fours, four = i % n_fours, token = first_token() + row / HEADS;
      if (token >= p.n_tokens) continue;
      const uint at = (token * p.n_heads + first_head() + row % HEADS) * (VALUE_DIM / 4) + first / 4 + four;
      const vec4 y = uintBitsToFloat(scores[row * SCORE_STRIDE + four]);
      if (HAS_HALVES != 0) Quads(p.y).v[at] = halves_of(y);
      else p.y.v[at] = y;
    }
    subgroupBarrier();
  }
}

void main() {
  my_row = gl_SubgroupID * BAND + gl_SubgroupInvocationID / 2;
  my_half = gl_SubgroupInvocationID % 2;
  [[unroll]] for (uint d = 0; d < VALUE_DIM / 16; ++d)
    sums[d] = Sums(0.0);
  load_queries();
  const uint end = min(first_token() + ROWS / HEADS, p.n_tokens);
  uint token = first_token();
  while (token < end) {
    const Token first = p.tokens.v[token];
    const Run run = p.runs.v[first.run];
    const uint run_end = min(end, run.first_token + run.n_tokens);
    attend(token, run_end, first, run.first_block);
    token = run_end;
  }
  total += subgroupQuadSwapHorizontal(total);
  put_factor(total);
  subgroupMemoryBarrierShared();
  subgroupBarrier();
  divide_sums();
  write_sums();
}
