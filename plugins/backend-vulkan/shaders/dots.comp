// matmul@1 for few tokens by integer dot products: the inputs are rounded to 8 bits in groups of 32
// by each workgroup for itself, behind an rms_norm where one precedes; codes are multiplied as they
// lie. With a second weight, silu of the one product times the other (swiglu@1).
#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_spirv_intrinsics : require
#extension GL_KHR_shader_subgroup_quad : require
#include "common.glsl"
#include "functions.glsl"
#include "weight.glsl"

layout(constant_id = 20) const uint TOKENS = 1;
layout(constant_id = 21) const uint ROWS = 4;     // of a subgroup
layout(constant_id = 22) const uint N_UNITS = 64; // of a row
layout(constant_id = 23) const uint INPUT = 0;    // 0: f32; 1: f32, to be normalized; 2: rounded
layout(constant_id = 24) const uint GATED = 0;
layout(constant_id = 25) const uint ROUNDED = 0;  // the output is 8 bits too: 32 rows a workgroup
layout(constant_id = 26) const uint SHARERS = 1;  // subgroups that share rows: each takes some units
layout(constant_id = 27) const uint TEAMS = 8;    // of so many subgroups

layout(push_constant) uniform Parameters {
  Words4 w;
  uvec2 x;
  Floats y;
  uvec2 addend;  // [rows, n_out], or null
  uvec2 second;  // weight
  Floats norm;
  WeightPlace place;
  uint n_out, n_rows;
  float epsilon;
} p;

// GLSL of our compiler lacks the integer dot product (OpSUDot: signed by unsigned bytes).
spirv_instruction(extensions = ["SPV_KHR_integer_dot_product"], capabilities = [6018, 6019], id = 4452)
int dot_bytes(uint signed_bytes, uint unsigned_bytes, spirv_literal int format);

const uint N_IN = N_UNITS * 32, OCTETS = N_IN / 8;
const uint OCTETS_A_THREAD = (OCTETS + THREADS - 1) / THREADS;
const uint PIECE = GROUP % 32 == 0 ? 32 : (GROUP % 16 == 0 ? 16 : 8);  // columns of one scale
const uint PIECES = 32 / PIECE;
const uint MATRICES = GATED != 0 ? 2 : 1;

// Rounded inputs: the first and the second 16 columns of a unit apart, so that threads which read
// neighbouring units read neighbouring words. Step of a unit, and step times sum.
shared uvec4 rounded[TOKENS * 2 * N_UNITS];
shared vec2 steps[TOKENS * N_UNITS];
shared float results[32];
shared float partial[SHARERS > 1 ? SHARERS * TEAMS * MATRICES * ROWS * TOKENS : 1];

void store_word(uint token, uint word, uint value) {
  rounded[(token * 2 + word % 8 / 4) * N_UNITS + word / 8][word % 4] = value;
}

uint round_quad(vec4 v) {
  const ivec4 q = ivec4(roundEven(v));
  return (uint(q.x) & 0xffu) | (uint(q.y) & 0xffu) << 8 | (uint(q.z) & 0xffu) << 16 |
         uint(q.w) << 24;
}

void take_rounded(uint token, uint row) {
  const uint first = row * N_IN;
  Words words = Words(p.x);
  for (uint i = gl_LocalInvocationID.x; i < N_IN / 4; i += THREADS)
    store_word(token, i, words.v[first + i]);
  for (uint i = gl_LocalInvocationID.x; i < N_UNITS; i += THREADS)
    steps[token * N_UNITS + i] =
        uintBitsToFloat(Words2(p.x).v[first / 2 + N_IN / 8 + i]);
}

// Eight columns at a time; the four threads of a quad share a unit, so all four have it or none.
void round_octet(uint token, uint octet, vec4 a, vec4 b) {
  const vec4 most = max(abs(a), abs(b));
  float peak = max(max(most.x, most.y), max(most.z, most.w));
  peak = max(peak, subgroupQuadSwapHorizontal(peak));
  peak = max(peak, subgroupQuadSwapVertical(peak));
  const float inverse = peak > 0.0 ? 127.0 / peak : 0.0;
  const uint low = round_quad(a * inverse), high = round_quad(b * inverse);
  int sum = dot_bytes(low, 0x01010101u, 0) + dot_bytes(high, 0x01010101u, 0);
  sum += subgroupQuadSwapHorizontal(sum);
  sum += subgroupQuadSwapVertical(sum);
  if (octet >= OCTETS) return;
  store_word(token, 2 * octet, low);
  store_word(token, 2 * octet + 1, high);
  if (octet % 4 == 0) steps[token * N_UNITS + octet / 4] = peak / 127.0 * vec2(1.0, float(sum));
}

void round_input(uint token, uint row) {
  const uint me = gl_LocalInvocationID.x, first = row * (N_IN / 4);
  Floats4 x = Floats4(p.x);
  Floats4 weights = Floats4(p.norm);
  vec4 a[OCTETS_A_THREAD], b[OCTETS_A_THREAD];
  float squares = 0.0;
  [[unroll]] for (uint i = 0; i < OCTETS_A_THREAD; ++i) {
    const uint octet = i * THREADS + me;
    a[i] = b[i] = vec4(0.0);
    if (octet < OCTETS) {
      a[i] = x.v[first + 2 * octet];
      b[i] = x.v[first + 2 * octet + 1];
    }
    squares += dot(a[i], a[i]) + dot(b[i], b[i]);
  }
  if (INPUT == 1) {
    const float scale = 1.0 / sqrt(workgroup_sum(squares) / float(N_IN) + p.epsilon);
    [[unroll]] for (uint i = 0; i < OCTETS_A_THREAD; ++i) {
      const uint octet = min(i * THREADS + me, OCTETS - 1);
      a[i] *= scale * weights.v[2 * octet];
      b[i] *= scale * weights.v[2 * octet + 1];
    }
  }
  [[unroll]] for (uint i = 0; i < OCTETS_A_THREAD; ++i) round_octet(token, i * THREADS + me, a[i], b[i]);
}

// What a thread needs of a unit of one row.
struct Loaded {
  Unit codes;
  vec2 scales[4];  // PIECES of them
};

Loaded load(Words4 w, uint row, uint unit) {
  Loaded l;
  l.codes = load_unit(w, p.place, row, unit);
  [[unroll]] for (uint i = 0; i < PIECES; ++i)
    l.scales[i] = group_scales(w, p.place, row, (unit * 32 + i * PIECE) / GROUP);
  return l;
}

// Adds the products of one unit of a row with every token.
void multiply(Loaded l, uint unit, inout float sums[TOKENS]) {
  [[unroll]] for (uint t = 0; t < TOKENS; ++t) {
    const uvec4 low = rounded[t * 2 * N_UNITS + unit], high = rounded[(t * 2 + 1) * N_UNITS + unit];
    const vec2 step = steps[t * N_UNITS + unit];
    [[unroll]] for (uint i = 0; i < PIECES; ++i) {
      int product = 0, sum = 0;
      [[unroll]] for (uint k = i * PIECE / 4; k < (i + 1) * PIECE / 4; ++k) {
        const uint x = k < 4 ? low[k] : high[k - 4];
        product += dot_bytes(x, quad_codes(l.codes, k), 0);
        if (PIECES > 1) sum += dot_bytes(x, 0x01010101u, 0);
      }
      // Both the zero point and the min are products with the sum of the inputs.
      const vec2 scales = l.scales[i];
      if (PIECES > 1)
        sums[t] += step.x * (scales.x * float(product - ZERO_POINT * sum) - scales.y * float(sum));
      else
        sums[t] += scales.x * (step.x * float(product) - float(ZERO_POINT) * step.y) -
                   scales.y * step.y;
    }
  }
}

void round_results(uint token) {
  barrier();
  const uint me = gl_LocalInvocationID.x;
  if (me >= 8) return;
  float peak = 0.0;
  for (uint i = 0; i < 32; ++i) peak = max(peak, abs(results[i]));
  const float step = peak / 127.0, inverse = peak > 0.0 ? 127.0 / peak : 0.0;
  const uint unit = gl_WorkGroupID.x, words = token * p.n_out;
  const vec4 mine =
      vec4(results[4 * me], results[4 * me + 1], results[4 * me + 2], results[4 * me + 3]);
  Words y = Words(p.y);
  y.v[words + unit * 8 + me] = round_quad(mine * inverse);
  if (me > 0) return;
  float sum = 0.0;
  for (uint i = 0; i < 32; ++i) sum += roundEven(results[i] * inverse);
  const uint at = words + p.n_out / 4 + unit * 2;
  p.y.v[at] = step;
  p.y.v[at + 1] = step * sum;
}

// The first of those that share rows gets the sums of all.
void add_shares(uint team, uint share, inout float sums[MATRICES][ROWS][TOKENS]) {
  const uint n = MATRICES * ROWS * TOKENS, first = (team * SHARERS + share) * n;
  [[unroll]] for (uint i = 0; i < n; ++i)
    if (gl_SubgroupInvocationID == 0)
      partial[first + i] = sums[i / (ROWS * TOKENS)][i / TOKENS % ROWS][i % TOKENS];
  barrier();
  if (share != 0) return;
  [[unroll]] for (uint i = 0; i < n; ++i)
    for (uint k = 1; k < SHARERS; ++k)
      sums[i / (ROWS * TOKENS)][i / TOKENS % ROWS][i % TOKENS] += partial[first + k * n + i];
}

void main() {
  const uint team = gl_SubgroupID / SHARERS, share = gl_SubgroupID % SHARERS;
  const uint first_row = (gl_WorkGroupID.x * TEAMS + team) * ROWS;
  const uint first_token = gl_WorkGroupID.y * TOKENS;
  uint rows[ROWS];
  [[unroll]] for (uint r = 0; r < ROWS; ++r) rows[r] = min(first_row + r, p.n_out - 1);
  // Weights are on their way while the inputs are rounded, and while the unit before is multiplied.
  Loaded next[MATRICES][ROWS];
  const uint stride = gl_SubgroupSize * SHARERS;
  uint unit = share * gl_SubgroupSize + gl_SubgroupInvocationID;
  [[unroll]] for (uint r = 0; r < ROWS; ++r) {
    next[0][r] = load(p.w, rows[r], min(unit, N_UNITS - 1));
    if (GATED != 0) next[MATRICES - 1][r] = load(Words4(p.second), rows[r], min(unit, N_UNITS - 1));
  }
  [[unroll]] for (uint t = 0; t < TOKENS; ++t) {
    const uint row = min(first_token + t, p.n_rows - 1);
    if (INPUT == 2)
      take_rounded(t, row);
    else
      round_input(t, row);
  }
  barrier();

  float sums[MATRICES][ROWS][TOKENS];
  [[unroll]] for (uint m = 0; m < MATRICES; ++m)
    [[unroll]] for (uint r = 0; r < ROWS; ++r)
      [[unroll]] for (uint t = 0; t < TOKENS; ++t) sums[m][r][t] = 0.0;
  for (; unit < N_UNITS; unit += stride) {
    const uint following = min(unit + stride, N_UNITS - 1);
    [[unroll]] for (uint r = 0; r < ROWS; ++r) {
      const Loaded now = next[0][r];
      next[0][r] = load(p.w, rows[r], following);
      multiply(now, unit, sums[0][r]);
      if (GATED != 0) {
        const Loaded other = next[MATRICES - 1][r];
        next[MATRICES - 1][r] = load(Words4(p.second), rows[r], following);
        multiply(other, unit, sums[MATRICES - 1][r]);
      }
    }
  }

  [[unroll]] for (uint m = 0; m < MATRICES; ++m)
    [[unroll]] for (uint r = 0; r < ROWS; ++r)
      [[unroll]] for (uint t = 0; t < TOKENS; ++t) sums[m][r][t] = subgroupAdd(sums[m][r][t]);
  if (SHARERS > 1) add_shares(team, share, sums);

  [[unroll]] for (uint t = 0; t < TOKENS; ++t) {
    [[unroll]] for (uint r = 0; r < ROWS; ++r) {
      const uint row = first_row + r, at = (first_token + t) * p.n_out + row;
      float sum = sums[0][r][t];
      if (GATED != 0) sum = silu(sum) * sums[MATRICES - 1][r][t];
      if (gl_SubgroupInvocationID != 0 || share != 0) continue;
      if (ROUNDED != 0) {
        results[team * ROWS + r] = sum;
      } else if (row < p.n_out && first_token + t < p.n_rows) {
        if (!is_null(p.addend)) sum += Floats(p.addend).v[at];
        p.y.v[at] = sum;
      }
    }
    if (ROUNDED != 0) {
      round_results(first_token + t);
      barrier();
    }
  }
}
