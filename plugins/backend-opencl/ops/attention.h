// attention@1 as its kernels take it: of many tokens (attention.cpp) and of one
// (attention_token.cpp).
#pragma once

#include "ops/batch_place.h"
#include "ops/table.h"

namespace wick::opencl {

struct Attention {
  std::uint32_t q, k, v, y, state;  // values
  std::uint32_t n_heads, n_kv_heads, head_dim, value_dim, window;
  cl_ulong block_bytes, values_at;
  float scale, softcap;
  bool is_fresh = false;  ///< keys and values of the one token are taken here
};

class AttentionKernel {
 public:
  /// `rope`: what queries and keys are turned by; its table null: nothing.
  AttentionKernel(const Program& program, const Attention& attention, const RopeUse& rope);
  /// Workgroups for each head: one a token, or one a part of the one token's past. `found`: where
  /// parts leave what they find; null: there is one.
  void run(Launcher& launcher, std::uint32_t n, cl_mem found) const;

 private:
  Attention a_;
  RopeUse rope_;
  std::uint32_t threads_;
  Kernel kernel_;
};

/// One token: its keys and values are taken, turned, used and stored by one kernel.
void add_token_attention(Program& program, const sdk::GraphNode& node, Attention a);

}  // namespace wick::opencl
