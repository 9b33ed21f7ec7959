// What keys and values are held in: the user's choice and its bytes. Not for how kernels read and
// write it (portable/kv_block.h).
#pragma once

#include <cstdint>
#include <string_view>

#include "portable/attention_task.h"

namespace wick::cpu {

/// `option` is the user's "kv-type", or empty: `narrow`, which the kernels like best
/// (AttentionKernels), or f32 for a precise plan. Throws kBadArgument for a type that is unknown,
/// or not for that plan or those kernels.
KvType choose_kv_type(std::string_view option, bool precise, KvType narrow);

/// Of one head in a block of 32 tokens.
std::uint64_t key_bytes(KvType type, std::uint64_t head_dim) noexcept;
std::uint64_t value_bytes(KvType type, std::uint64_t value_dim) noexcept;

}  // namespace wick::cpu
