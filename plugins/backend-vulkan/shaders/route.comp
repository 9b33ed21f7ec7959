// route@1: a workgroup a row. The next expert is the largest of those that come behind the last one
// in the order of falling values and rising indices, so nothing is marked.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "functions.glsl"

layout(constant_id = 20) const uint SIGMOID = 0;
layout(constant_id = 21) const uint NORMALIZE = 0;

layout(push_constant) uniform Parameters {
  Floats scores;
  uvec2 bias;
  Floats y;
  uint n_experts, n_used;
  float epsilon, scale;
} p;

shared uint best_index;

float gate(float score, float most, float all) {
  if (SIGMOID != 0) return 1.0 / (1.0 + exact_exp(-score));
  return exact_exp(score - most) / all;
}

void main() {
  const uint me = gl_LocalInvocationID.x, first = gl_WorkGroupID.x * p.n_experts;
  const float none = uintBitsToFloat(0xff800000u);
  float most = none, all = 0.0;
  for (uint e = me; e < p.n_experts; e += THREADS) most = max(most, p.scores.v[first + e]);
  most = workgroup_max(most);
  if (SIGMOID == 0) {
    for (uint e = me; e < p.n_experts; e += THREADS) all += exact_exp(p.scores.v[first + e] - most);
    all = workgroup_sum(all);
  }
  float last = uintBitsToFloat(0x7f800000u), total = 0.0;
  uint last_index = 0;
  const uint out_first = gl_WorkGroupID.x * 2 * p.n_used;
  for (uint k = 0; k < p.n_used; ++k) {
    float best = none;
    uint mine = 0xffffffffu;
    for (uint e = me; e < p.n_experts; e += THREADS) {
      float value = gate(p.scores.v[first + e], most, all);
      if (!is_null(p.bias)) value += Floats(p.bias).v[e];
      const bool is_behind = k == 0 || value < last || (value == last && e > last_index);
      if (is_behind && (mine == 0xffffffffu || value > best)) best = value, mine = e;
    }
    const float value = workgroup_max(best);
    barrier();
    if (me == 0) best_index = 0xffffffffu;
    barrier();
    if (best == value && mine != 0xffffffffu) atomicMin(best_index, mine);
    barrier();
    const uint chosen = min(best_index, p.n_experts - 1);
    const float weight = gate(p.scores.v[first + chosen], most, all);
    last = value;
    last_index = chosen;
    total += weight;
    if (me == 0) {
      p.y.v[out_first + k] = float(chosen);
      p.y.v[out_first + p.n_used + k] = weight;
    }
  }
  if (me == 0)
    for (uint k = 0; k < p.n_used; ++k) {
      const uint at = out_first + p.n_used + k;
      p.y.v[at] = p.scale * (NORMALIZE != 0 ? p.y.v[at] / (p.epsilon + total) : p.y.v[at]);
    }
}
