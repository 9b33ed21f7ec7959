// Puts together what workgroups of attention.cl found that share the past of a head: an item a pair of
// values, a workgroup a head. A part weighs by its own largest score against that of all.
#define VALUE_PAIRS ((VALUE_DIM + 1) / 2)

kernel void attention_parts(global const float2* found, global float* y, uint n_parts) {
  const uint pair = get_local_id(0) + get_group_id(1) * get_local_size(0), head = get_group_id(0);
  if (pair >= VALUE_PAIRS) return;
  global const float2* parts = found + head * n_parts * (VALUE_PAIRS + 1);
  float most = -INFINITY, all = 0.0f;
  float2 sum = 0.0f;
  for (uint i = 0; i < n_parts; ++i) most = fmax(most, parts[i * (VALUE_PAIRS + 1) + VALUE_PAIRS].x);
  for (uint i = 0; i < n_parts; ++i) {
    const float2 about = parts[i * (VALUE_PAIRS + 1) + VALUE_PAIRS];
    const float factor = exp(about.x - most);
    all += factor * about.y;
    sum += factor * parts[i * (VALUE_PAIRS + 1) + pair];
  }
  const uint at = head * VALUE_DIM + 2 * pair;
  y[at] = sum.x / all;
  if (2 * pair + 1 < VALUE_DIM) y[at + 1] = sum.y / all;
}
