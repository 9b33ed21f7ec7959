// slice@1 and select_rows@1: an item a value.
kernel void copy(global const float* x, global float* y, global const uint* batch, uint outputs_at,
                 uint begin, uint n_cols, uint width) {
  const uint i = get_global_id(0), row = get_group_id(1);
  if (i >= n_cols) return;
  const uint from = SELECT ? batch[outputs_at + row] : row;
  y[row * n_cols + i] = x[from * width + begin + i];
}
