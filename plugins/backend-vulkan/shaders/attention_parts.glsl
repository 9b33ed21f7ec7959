// How workgroups of attention_token.comp that share the positions of a column put together what they
// found. Not for finding it.

vec2 sum_of(uint index) {
  vec2 sum = vec2(0.0);
  for (uint row = 0; row < ROWS; ++row)
    sum += sums[(index / VALUE_PAIRS * ROWS + row) * VALUE_PAIRS + index % VALUE_PAIRS];
  return sum;
}

void put(uint index, vec2 value) {
  const uint head = gl_WorkGroupID.x * HEADS + index / VALUE_PAIRS, pair = index % VALUE_PAIRS;
  const uint at = head * VALUE_DIM + 2 * pair;
  p.y.v[at] = value.x;
  if (2 * pair + 1 < VALUE_DIM) p.y.v[at + 1] = value.y;
}

// Places in `found`: a column's values, and its pairs of (most, sum of weights) behind all values.
uint values_found() {
  return gl_WorkGroupID.x * PARTS * HEADS * VALUE_PAIRS;
}
uint heads_found() {
  return (gl_NumWorkGroups.x * VALUE_PAIRS + gl_WorkGroupID.x) * PARTS * HEADS;
}

// True for the last workgroup of the column to come here: it sees what the others left.
bool leave(uint part, uint n_parts) {
  const uint me = gl_LocalInvocationID.x;
  for (uint i = me; i < HEADS * VALUE_PAIRS; i += THREADS)
    p.found.v[values_found() + part * HEADS * VALUE_PAIRS + i] = sum_of(i);
  for (uint h = me; h < HEADS; h += THREADS) p.found.v[heads_found() + part * HEADS + h] = of_heads[h];
  memoryBarrierBuffer();
  barrier();
  if (me == 0) n_before = atomicAdd(p.arrived.v[gl_WorkGroupID.x], 1);
  barrier();
  memoryBarrierBuffer();
  if (n_before + 1 < n_parts) return false;
  if (me == 0) p.arrived.v[gl_WorkGroupID.x] = 0;
  return true;
}

const uint AT_ONCE = 8;

// A part weighs by its own largest score against that of all. Loops are of known lengths, and the
// last part is read again where there are fewer: loads go side by side.
void combine(uint n_parts) {
  const uint me = gl_LocalInvocationID.x;
  for (uint i = me; i < n_parts * HEADS; i += THREADS) of_parts[i] = p.found.v[heads_found() + i];
  barrier();
  for (uint i = me; i < n_parts * HEADS; i += THREADS) {
    float best = of_parts[i].x;
    [[unroll]] for (uint part = 0; part < PARTS; ++part)
      best = max(best, of_parts[min(part, n_parts - 1) * HEADS + i % HEADS].x);
    factors[i] = exact_exp(of_parts[i].x - best);
  }
  barrier();
  for (uint i = me; i < HEADS * VALUE_PAIRS; i += THREADS) {
    vec2 sum = vec2(0.0);
    float all = 0.0;
    for (uint first_part = 0; first_part < n_parts; first_part += AT_ONCE) {
      vec2 values[AT_ONCE];
      [[unroll]] for (uint j = 0; j < AT_ONCE; ++j)
        values[j] = p.found.v[values_found() + min(first_part + j, n_parts - 1) * HEADS * VALUE_PAIRS + i];
      [[unroll]] for (uint j = 0; j < AT_ONCE; ++j) {
        const uint about = min(first_part + j, n_parts - 1) * HEADS + i / VALUE_PAIRS;
        const float factor = first_part + j < n_parts ? factors[about] : 0.0;
        sum += factor * values[j];
        all += factor * of_parts[about].y;
      }
    }
    put(i, sum / all);
  }
}
