// Rows of f16 as matrices.comp takes them: in each four columns 0, 2, 1, 3, because that is how codes
// come out of words. What is too large for f16 becomes its largest value.
uvec2 halves_of(vec4 v) {
  v = clamp(v, -65504.0, 65504.0);
  return uvec2(packHalf2x16(v.xz), packHalf2x16(v.yw));
}

layout(buffer_reference, std430, buffer_reference_align = 8) writeonly buffer Quads { uvec2 v[]; };
