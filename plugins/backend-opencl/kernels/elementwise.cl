// add@1 mul@1 scale@1 softcap@1 silu@1 swiglu@1 gelu@1: an item a value. Operands of mul@1 may be
// columns of wider rows (SLICED).
#include "functions.clh"

kernel void elementwise(global const float* a, global const float* b, global float* y, uint width,
                        uint n_values, float factor, uint2 a_cut, uint2 b_cut) {  // cut: first column, width of a row
  const uint i = get_global_id(0);
  if (i >= n_values) return;
#if SLICED
  y[i] = a[i / width * a_cut.y + a_cut.x + i % width] * b[i / width * b_cut.y + b_cut.x + i % width];
#else
  const float x = a[i];
#if OP == 0
  y[i] = x + b[IS_VECTOR ? i % width : i];
#elif OP == 1
  y[i] = x * b[IS_VECTOR ? i % width : i];
#elif OP == 2
  y[i] = x * factor;
#elif OP == 3
  y[i] = factor * tanh(x / factor);
#elif OP == 4
  y[i] = silu(x);
#elif OP == 5
  y[i] = silu(x) * b[i];
#else
  y[i] = gelu(x);
#endif
#endif
}
