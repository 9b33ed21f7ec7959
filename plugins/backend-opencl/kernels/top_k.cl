// top_k@1: a workgroup sorts a piece of a row and keeps its k first. The pieces' k first are the row
// of the next kernel, until one piece is left: its k first are the result.
#define PIECE 1024  // a power of two

// An integer of the order of values: no float is compared, so none is flushed to zero.
uint rank(uint bits) {
  if ((bits & 0x7fffffffu) == 0) return 0x80000000u;
  if ((bits & 0x7fffffffu) > 0x7f800000u || bits == 0x7f800000u) return 0xffffffffu;
  return (bits & 0x80000000u) ? ~bits : bits | 0x80000000u;
}

bool comes_before(uint2 a, uint2 b) { return a.x > b.x || (a.x == b.x && a.y < b.y); }

kernel void top_k(global const float* x, global float* y, global const uint2* from, global uint2* to, uint width,
                  uint n_from, uint n_to, uint k) {
  local uint2 items[PIECE];
  const uint me = get_local_id(0), threads = get_local_size(0), piece = get_group_id(0), row = get_group_id(1);
  for (uint i = me; i < PIECE; i += threads) {
    const uint at = piece * PIECE + i;
    uint2 item = (uint2)(0, 0xffffffffu);  // behind every value
    if (at < n_from) item = IS_FIRST ? (uint2)(rank(as_uint(x[row * width + at])), at) : from[row * n_from + at];
    items[i] = item;
  }
  // Bitonic sort (Batcher, 1968).
  for (uint size = 2; size <= PIECE; size *= 2)
    for (uint stride = size / 2; stride > 0; stride /= 2) {
      barrier(CLK_LOCAL_MEM_FENCE);
      for (uint i = me; i < PIECE / 2; i += threads) {
        const uint low = 2 * i - (i & (stride - 1)), high = low + stride;
        const uint2 a = items[low], b = items[high];
        if (comes_before(b, a) == ((low & size) == 0)) items[low] = b, items[high] = a;
      }
    }
  barrier(CLK_LOCAL_MEM_FENCE);
  for (uint i = me; i < k; i += threads) {
    const uint2 item = items[i];
#if IS_LAST
    y[row * 2 * k + i] = (float)item.y;
    y[(row * 2 + 1) * k + i] = x[row * width + min(item.y, width - 1)];
#else
    to[row * n_to + piece * k + i] = item;
#endif
  }
}
