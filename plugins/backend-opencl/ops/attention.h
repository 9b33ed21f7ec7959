// attention@1 as its kernels take it.
#pragma once

#include "ops/batch_place.h"
#include "ops/table.h"

namespace wick::opencl {

struct Attention {
  std::uint32_t q, k, v, y, state;  // values
  std::uint32_t n_heads, n_kv_heads, head_dim, value_dim, window;
  cl_ulong block_bytes, values_at;
  float scale, softcap;
};

/// Macros of the kernels.
Options attention_options(const Program& program, const Attention& a);

}  // namespace wick::opencl
