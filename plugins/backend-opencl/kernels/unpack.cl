// A tile of rows of a weight as floats, column by column, as CLBlast takes them without a copy of
// its own: out [n_in][n_rows]. An item decodes a unit of a row; items side by side, rows.
#include "unit.clh"

kernel void unpack(Weights* w, WeightPlace place, global float* out, uint first_row, uint n_rows, uint n_in) {
  const uint r = get_global_id(0), unit = get_group_id(1);
  if (r >= n_rows) return;
  float values[32];
  decode_unit(w, place, first_row + r, unit, values);
#pragma unroll
  for (uint i = 0; i < 32; ++i)
    if (unit * 32 + i < n_in) out[(unit * 32 + i) * n_rows + r] = values[i];
}
