// Weights as wick/sdk/planes.h lays them: the storage class is specialization constants, so that each
// pipeline holds one decoder and no branch.
layout(constant_id = 1) const uint KIND = 2;  // Kind of planes.h
layout(constant_id = 2) const uint BITS = 4;
layout(constant_id = 3) const uint GROUP = 32;
layout(constant_id = 4) const uint SUPER = 32;
layout(constant_id = 5) const uint SCALE_TYPE = 1;
layout(constant_id = 6) const uint HAS_MIN = 0;
layout(constant_id = 7) const uint SUB_SCALE = 0;
layout(constant_id = 8) const uint SUB_MIN = 0;
layout(constant_id = 9) const int SUB_SCALE_LOW = 0;
layout(constant_id = 10) const int SUB_MIN_LOW = 0;
layout(constant_id = 11) const int ZERO_POINT = 0;

const uint AFFINE = 0, TABLE = 1, F32 = 2, F16 = 3, BF16 = 4;
const uint LOW = BITS == 8 ? 8 : (BITS >= 4 ? 4 : 0);  // bits of the first plane
const bool PLAIN = KIND >= F32;

// Where the planes lie, in units of 16 bytes from the begin, and the geometry of a row.
struct WeightPlace {
  uint n_units, n_groups, n_supers;
  uint codes2, codes1, scales, subs, table, peaks;
};

uint byte_of(Words w, uint index) {
  return (w.v[index / 4] >> (8 * (index % 4))) & 0xffu;
}

float from_e8m0(uint b) {
  return uintBitsToFloat(b == 0 ? 0x00400000u : b == 255 ? 0x7fc00000u : b << 23);
}

// The codes of a unit: 32 columns.
struct Unit {
  uvec4 a, b;
  uvec2 c;
  uint d;
};

Unit load_unit(Words4 w, WeightPlace l, uint row, uint unit) {
  Unit u;
  const uint at = row * l.n_units + unit;
  if (BITS == 8) {
    u.a = w.v[2 * at];
    u.b = w.v[2 * at + 1];
  } else if (BITS >= 4) {
    u.a = w.v[at];
  }
  if (BITS < 8 && (BITS & 2) != 0) u.c = Words2(w).v[l.codes2 * 2 + at];
  if (BITS < 8 && (BITS & 1) != 0) u.d = Words(w).v[l.codes1 * 4 + at];
  return u;
}

// Four codes of neighbouring columns, a byte each; q is 0 to 7.
uint quad_codes(Unit u, uint q) {
  if (BITS == 8) return q < 4 ? u.a[q] : u.b[q - 4];
  uint codes = 0;
  if (BITS >= 4) codes = (u.a[q / 2] >> (4 * (q % 2))) & 0x0f0f0f0fu;
  if ((BITS & 2) != 0) codes |= ((u.c[q / 4] >> (2 * (q % 4))) & 0x03030303u) << LOW;
  if ((BITS & 1) != 0) codes |= ((u.d >> q) & 0x01010101u) << (LOW + (BITS & 2));
  return codes;
}

// A byte to a float without the conversion unit, which is a quarter as fast as an addition: the
// byte becomes the low bits of 2^23, and 2^23 and the zero point go in one subtraction.
float code_value(uint codes, uint i) {
  return uintBitsToFloat(0x4b000000u | ((codes >> (8 * i)) & 0xffu)) -
         (8388608.0 + float(ZERO_POINT));
}

vec4 quad_of_codes(Words4 w, WeightPlace l, uint codes) {
  if (KIND == TABLE) {
    Words t = Words(w);
    vec4 value;
    [[unroll]] for (uint i = 0; i < 4; ++i)
      value[i] = uintBitsToFloat(t.v[l.table * 4 + ((codes >> (8 * i)) & 0xffu)]);
    return value;
  }
  return vec4(code_value(codes, 0), code_value(codes, 1), code_value(codes, 2),
              code_value(codes, 3));
}

// Scale and min of a group as they were read: what is loaded early is decoded where it is needed.
struct RawScales {
  uvec2 super;  // the words that hold scale and min, or their bytes in x
  uint sub;     // the word that holds the second level
};

uint sub_at(WeightPlace l, uint row, uint group) {
  return l.subs * 16 + (row * l.n_groups + group) * (SUB_SCALE + SUB_MIN);
}

RawScales load_scales(Words4 w, WeightPlace l, uint row, uint group) {
  RawScales raw;
  Words t = Words(w);
  const uint at = row * l.n_supers + group / (SUPER / GROUP);
  if (SCALE_TYPE == 0) {
    if (HAS_MIN != 0) raw.super = Words2(w).v[l.scales * 2 + at];
    else raw.super.x = t.v[l.scales * 4 + at];
  }
  if (SCALE_TYPE == 1) raw.super.x = t.v[l.scales * 4 + (HAS_MIN != 0 ? at : at / 2)];
  if (SCALE_TYPE == 2) {
    const uint first = l.scales * 16 + at * (1 + HAS_MIN);
    raw.super.x = byte_of(t, first);
    if (HAS_MIN != 0) raw.super.y = byte_of(t, first + 1);
  }
  if (SUB_SCALE + SUB_MIN != 0) raw.sub = t.v[sub_at(l, row, group) / 4];
  return raw;
}

vec2 super_scales(RawScales raw, WeightPlace l, uint row, uint group) {
  if (SCALE_TYPE == 0) return vec2(uintBitsToFloat(raw.super.x), HAS_MIN == 0 ? 0.0 : uintBitsToFloat(raw.super.y));
  if (SCALE_TYPE == 1) {
    if (HAS_MIN != 0) return unpackHalf2x16(raw.super.x);
    const uint at = row * l.n_supers + group / (SUPER / GROUP);
    return vec2(unpackHalf2x16(raw.super.x >> (16 * (at % 2))).x, 0.0);
  }
  return vec2(from_e8m0(raw.super.x), HAS_MIN == 0 ? 0.0 : from_e8m0(raw.super.y));
}

// Both levels multiplied.
vec2 decode_scales(RawScales raw, WeightPlace l, uint row, uint group) {
  vec2 s = super_scales(raw, l, row, group);
  if (SUB_SCALE + SUB_MIN == 0) return s;
  const uint shift = 8 * (sub_at(l, row, group) % 4);  // of two bytes the first one is even
  if (SUB_SCALE != 0) s.x *= float(int(raw.sub >> shift & 0xffu) + SUB_SCALE_LOW);
  if (SUB_MIN != 0) s.y *= float(int(raw.sub >> (shift + 8 * SUB_SCALE) & 0xffu) + SUB_MIN_LOW);
  return s;
}

vec2 group_scales(Words4 w, WeightPlace l, uint row, uint group) {
  return decode_scales(load_scales(w, l, row, group), l, row, group);
}

// Four values of a plain type.
vec4 plain_quad(Words4 w, WeightPlace l, uint row, uint unit, uint q) {
  const uint at = row * l.n_units + unit;
  if (KIND == F32) return uintBitsToFloat(w.v[at * 8 + q]);
  const uvec2 halves = Words2(w).v[at * 8 + q];
  if (KIND == F16) return vec4(unpackHalf2x16(halves.x), unpackHalf2x16(halves.y));
  return uintBitsToFloat(
      uvec4(halves.x << 16, halves.x & 0xffff0000u, halves.y << 16, halves.y & 0xffff0000u));
}

// Four decoded values.
vec4 weight_quad(Words4 w, WeightPlace l, uint row, uint unit, uint q) {
  if (PLAIN) return plain_quad(w, l, row, unit, q);
  const vec2 s = group_scales(w, l, row, (unit * 32 + q * 4) / GROUP);
  const vec4 c = quad_of_codes(w, l, quad_codes(load_unit(w, l, row, unit), q));
  return HAS_MIN == 0 ? s.x * c : s.x * c - s.y;
}
