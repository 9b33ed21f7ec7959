// Shaders for VK_KHR_cooperative_matrix. Our GLSL compiler knows VK_NV_cooperative_matrix alone, so
// its SPIR-V is rewritten before a driver gets it. Not for which of the two is used (matrices.h).
#pragma once

#include <cstdint>
#include <vector>

#include "shaders.h"

namespace wick::vulkan {

/// Whether a shader has cooperative matrices.
bool has_matrices(ShaderCode code);

/// The same shader by KHR; one without matrices comes back as it is. Throws kInternal for matrices
/// that are not those of shaders/matrix.glsl, and for what KHR does not have.
std::vector<std::uint32_t> khr_code(ShaderCode code);

}  // namespace wick::vulkan
