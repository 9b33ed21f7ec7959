// Keys and values in state blocks, as state.h lays them: [kv head][32][dim], in pairs of values; a
// pair is a word of two f16, or two words of f32.
layout(constant_id = 12) const uint KV_F32 = 0;

vec2 load_pair(Words block, uint index) {
  if (KV_F32 != 0)
    return uintBitsToFloat(uvec2(block.v[2 * index], block.v[2 * index + 1]));
  return unpackHalf2x16(block.v[index]);
}

void store_pair(Words block, uint index, vec2 pair) {
  if (KV_F32 != 0) {
    block.v[2 * index] = floatBitsToUint(pair.x);
    block.v[2 * index + 1] = floatBitsToUint(pair.y);
  } else {
    block.v[index] = packHalf2x16(pair);
  }
}

// Addresses of state blocks, by the runs' tables.
layout(buffer_reference, std430, buffer_reference_align = 8) readonly buffer Blocks { uvec2 v[]; };
