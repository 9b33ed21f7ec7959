// The kernel of products of packed weights with activations of 8 bits on tile registers (AMX): one
// tile of weights by 16 tokens and more. Not for fewer tokens (integer_product.h).
#pragma once

#include <cstdint>
#include <vector>

#include "jit/matmul_key.h"

namespace wick::cpu::jit::x86 {

/// Code of a MatmulCode for key.shape: one tile, a multiple of kTileTokens. The same bits as
/// make_integer_product gives with 512 bits. Throws kUnavailable.
std::vector<std::uint8_t> make_tile_product(const MatmulKey& key);

}  // namespace wick::cpu::jit::x86
