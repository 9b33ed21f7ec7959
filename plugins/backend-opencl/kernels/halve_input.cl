// The input of a product in f16, column by column: out [n_chunks * CHUNK][padded_rows]. An item makes a
// chunk of CHUNK columns of a token. Their mean is taken away, so that sums in f16 do not grow with
// every column, each step rounded the same way; a power of two brings what is left to 4 .. 8 at
// most, far below what f16 ends at. `about` gives both back. Columns behind the last are 0.
#include "halving.clh"

kernel void halve_input(global const float* x, global half* out, global float2* about, uint n_in, uint n_rows,
                        uint padded_rows) {
  const uint token = get_global_id(0), chunk = get_group_id(1), first = chunk * CHUNK;
  if (token >= n_rows) return;
  global const float* row = x + token * n_in;
  const uint end = min(first + CHUNK, n_in);
  float mean = 0.0f, peak = 0.0f;
  for (uint i = first; i < end; ++i) mean += row[i] / (float)(end - first);
  for (uint i = first; i < end; ++i) peak = fmax(peak, fabs(row[i] - mean));
  const int shift = shift_of(peak);
  for (uint i = first; i < first + CHUNK; ++i)
    vstore_half_rte(i < end ? ldexp(row[i] - mean, shift) : 0.0f, i * padded_rows + token, out);
  about[chunk * padded_rows + token] = (float2)(ldexp(1.0f, -shift), mean);
}
