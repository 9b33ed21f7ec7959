// rms_norm@1 and layer_norm@1: a workgroup a part of a row.
#include "common.clh"

kernel void norm(global const float* x, global const float* w, global const float* bias,
                 global float* y, uint part, float epsilon, local float* scratch) {
  const uint first = get_group_id(0) * part, me = get_local_id(0), threads = get_local_size(0);
  float total = 0.0f, mean = 0.0f;
#if IS_LAYER
  for (uint i = me; i < part; i += threads) total += x[first + i];
  mean = workgroup_sum(total, scratch) / (float)part;
  total = 0.0f;
#endif
  for (uint i = me; i < part; i += threads) {
    const float d = x[first + i] - mean;
    total += d * d;
  }
  const float scale = 1.0f / sqrt(workgroup_sum(total, scratch) / (float)part + epsilon);
  for (uint i = me; i < part; i += threads) {
    float value = (x[first + i] - mean) * scale * w[i];
    if (bias) value += bias[i];
    y[first + i] = value;
  }
}
