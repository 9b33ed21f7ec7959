// Adds the f16 products of chunks of columns in f32: parts [n_chunks][token][row of the tile], each by
// the steps of its row and token, and the sum of the weights times the mean of the inputs. Sums in
// f16 end with their chunk, so their error does not grow with the row. An item an output.
kernel void sum_chunks(global const half* parts, global const float2* of_rows, global const float2* of_tokens,
                       global const float* addend, global float* y, uint n_chunks, uint first_row, uint n_rows,
                       uint padded_rows, uint padded_tokens, uint n_out) {
  const uint r = get_global_id(0), token = get_group_id(1);
  if (r >= n_rows) return;
  float sum = 0.0f;
  for (uint chunk = 0; chunk < n_chunks; ++chunk) {
    const float2 weights = of_rows[chunk * padded_rows + r], inputs = of_tokens[chunk * padded_tokens + token];
    sum += weights.x * inputs.x * vload_half((chunk * padded_tokens + token) * padded_rows + r, parts);
    sum += weights.y * inputs.y;
  }
  const uint at = token * n_out + first_row + r;
  y[at] = addend ? sum + addend[at] : sum;
}
