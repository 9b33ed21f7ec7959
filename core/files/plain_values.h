// Between f32 and the plain floating-point types of files.
#pragma once

#include <cstddef>
#include <cstdint>

#include "files/tensor_types.h"

namespace wick {

/// F32, F16, BF16 and F64: those that hold weights.
bool is_plain_float(std::uint32_t type_id) noexcept;

/// `n` values to f32, at any alignment; F64 is rounded. type: is_plain_float.
void decode_plain(PlainType type, const std::byte* from, std::uint64_t n, float* values) noexcept;

/// The nearest values of F32, F16 or BF16, ties to even. What is too large for F16 becomes
/// infinity.
void encode_plain(PlainType type, const float* values, std::uint64_t n, std::byte* to) noexcept;

}  // namespace wick
