// route@1: a workgroup a row. The next expert is the largest of those that come behind the last one
// in the order of falling values and rising indices, so nothing is marked.
#include "common.clh"

float gate(float score, float most, float all) {
#if SIGMOID
  return 1.0f / (1.0f + exp(-score));
#else
  return exp(score - most) / all;
#endif
}

kernel void route(global const float* scores, global const float* bias, global float* y, uint n_experts, uint n_used,
                  float epsilon, float scale, local float* scratch) {
  local uint best_index;
  const uint me = get_local_id(0), threads = get_local_size(0), row = get_group_id(0);
  const uint first = row * n_experts, out_first = row * 2 * n_used;
  float most = -INFINITY, all = 0.0f;
  for (uint e = me; e < n_experts; e += threads) most = fmax(most, scores[first + e]);
  most = workgroup_max(most, scratch);
#if !SIGMOID
  for (uint e = me; e < n_experts; e += threads) all += exp(scores[first + e] - most);
  all = workgroup_sum(all, scratch);
#endif
  float last = INFINITY, total = 0.0f;
  uint last_index = 0;
  for (uint k = 0; k < n_used; ++k) {
    float best = -INFINITY;
    uint mine = 0xffffffffu;
    for (uint e = me; e < n_experts; e += threads) {
      float value = gate(scores[first + e], most, all);
      if (bias) value += bias[e];
      const bool is_behind = k == 0 || value < last || (value == last && e > last_index);
      if (is_behind && (mine == 0xffffffffu || value > best)) best = value, mine = e;
    }
    const float value = workgroup_max(best, scratch);
    barrier(CLK_LOCAL_MEM_FENCE);
    if (me == 0) best_index = 0xffffffffu;
    barrier(CLK_LOCAL_MEM_FENCE);
    if (best == value && mine != 0xffffffffu) atomic_min(&best_index, mine);
    barrier(CLK_LOCAL_MEM_FENCE);
    const uint chosen = min(best_index, n_experts - 1);
    const float weight = gate(scores[first + chosen], most, all);
    last = value;
    last_index = chosen;
    total += weight;
    if (me == 0) {
      y[out_first + k] = (float)chosen;
      y[out_first + n_used + k] = weight;
    }
  }
  if (me == 0)
    for (uint k = 0; k < n_used; ++k) {
      const uint at = out_first + n_used + k;
      y[at] = scale * (NORMALIZE ? y[at] / (epsilon + total) : y[at]);
    }
}
