// A tile of rows of a weight in f16, column by column: out [n_chunks * CHUNK][padded_rows]. An item
// makes a chunk of a row, by a power of two as in halve_input.cl; `about` has what gives it back, and
// the sum of the chunk, which the mean of inputs is multiplied with. Items side by side: rows.
#include "halving.clh"
#include "unit.clh"

kernel void halve_weights(Weights* w, WeightPlace place, global half* out, global float2* about, uint first_row,
                          uint n_rows, uint padded_rows, uint n_in) {
  const uint r = get_global_id(0), chunk = get_group_id(1), first = chunk * (CHUNK / 32);
  if (r >= n_rows) return;
  const uint end = min(first + CHUNK / 32, place.n_units);
  float values[32], peak = 0.0f, sum = 0.0f;
  for (uint unit = first; unit < end; ++unit) {
    decode_unit(w, place, first_row + r, unit, values);
    for (uint i = 0; i < 32; ++i) {
      if (unit * 32 + i >= n_in) break;
      peak = fmax(peak, fabs(values[i]));
      sum += values[i];
    }
  }
  const int shift = shift_of(peak);
  for (uint unit = first; unit < first + CHUNK / 32; ++unit) {
    if (unit < end) decode_unit(w, place, first_row + r, unit, values);
    for (uint i = 0; i < 32; ++i) {
      const uint column = unit * 32 + i;
      vstore_half_rte(unit < end && column < n_in ? ldexp(values[i], shift) : 0.0f, column * padded_rows + r, out);
    }
  }
  about[chunk * padded_rows + r] = (float2)(ldexp(1.0f, -shift), sum);
}
