// embed@1: an item decodes four columns of one token's row.
#include "batch.clh"
#include "weight.clh"

kernel void embed(Weights* w, WeightPlace place, global float* y, global const uint* batch, uint width) {
  const uint quad = get_global_id(0), token = get_group_id(1), column = quad * 4;
  if (column >= width) return;
  const float4 v = weight_quad(w, place, token_id(batch, token), quad / 8, quad % 8);
  float four[4];
  vstore4(v, 0, four);
  for (uint i = 0; i < 4; ++i)
    if (column + i < width) y[token * width + column + i] = four[i];
}
