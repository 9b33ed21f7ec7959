// The kernel of products of packed weights with activations of 8 bits. Not for plain weights.
#pragma once

#include <cstdint>
#include <vector>

#include "jit/matmul_key.h"

namespace wick::cpu::jit::a64 {

/// Code of a MatmulCode for key.shape, of one tile: whole rows, so that a result depends on nothing
/// but its row and its token. Throws kUnavailable.
std::vector<std::uint8_t> make_integer_product(const MatmulKey& key);

}  // namespace wick::cpu::jit::a64
