// combine@1: an item a value.
kernel void combine(global const float* x, global const float* routes, global float* y, uint width,
                    uint n_used) {
  const uint i = get_global_id(0), row = get_group_id(1);
  if (i >= width) return;
  float sum = 0.0f;
  for (uint k = 0; k < n_used; ++k)
    sum += routes[(2 * row + 1) * n_used + k] * x[(row * n_used + k) * width + i];
  y[row * width + i] = sum;
}
