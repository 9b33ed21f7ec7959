// The kernels of products of plain weights: f32, f16 and bf16 times f32. Not for packed weights.
#pragma once

#include <cstdint>
#include <vector>

#include "jit/matmul_key.h"

namespace wick::cpu::jit::a64 {

/// Code of a MatmulCode for key.shape, of one tile. Weights are widened exactly, activations are
/// not narrowed: it serves the precise path as well. Throws kUnavailable.
std::vector<std::uint8_t> make_float_product(const MatmulKey& key);

}  // namespace wick::cpu::jit::a64
