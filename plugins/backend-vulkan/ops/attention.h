// attention@1 as its kernels take it: of many tokens (attention.cpp, by matrices in
// attention_prompt.cpp) and of one (attention_token.cpp).
#pragma once

#include <functional>

#include "ops/table.h"

namespace wick::vulkan {

struct Attention {
  std::uint32_t q, k, v, y, state;  // values
  std::uint32_t n_heads, n_kv_heads, head_dim, value_dim, window, keys_at, values_at;
  float scale, softcap;
};

/// Of the shaders for many tokens; keys and values are in their blocks.
struct AttentionPush {
  std::uint64_t q, y, tokens, runs, blocks;
  std::uint32_t n_heads, n_kv_heads, window, keys_at, values_at;
  float scale, softcap;
  std::uint32_t n_tokens;
};
AttentionPush attention_push(const Attention& a, const Recorder& r);

/// Constants 12 and 20 to 22 of the shaders.
Constants attention_constants(const Program& program, const Attention& a);

/// Records attention of more than kFewTokens, where Fusions::has_prompt. `program` outlives it.
std::function<void(Recorder&)> prompt_attention(const Program& program, const Attention& a);

/// One token: its keys and values are taken, turned, used and stored by one dispatch.
void add_token_attention(Program& program, const sdk::GraphNode& node, Attention a);

}  // namespace wick::vulkan
