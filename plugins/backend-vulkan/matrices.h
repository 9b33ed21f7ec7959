// Which extension a device offers cooperative matrices by, and which is used. Not for shaders:
// those are written once (shaders/matrix.glsl, khr_code.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vk.h"

namespace wick::vulkan {

enum class Matrices { kNone, kNv, kKhr };

constexpr std::uint32_t kMatrixSubgroup = 32;            ///< threads of a subgroup that has them
constexpr std::uint32_t kMatrixWorkgroup = 256;          ///< threads of a workgroup, at most
constexpr std::uint32_t kMatrixSharedBytes = 48u << 10;  ///< of a workgroup, at most

/// One product of matrices that a driver offers: [m, k] times [k, n]. Both extensions count
/// component types and scopes alike.
struct MatrixProduct {
  std::uint32_t m, n, k;
  std::uint32_t left, right, addend, sum;  ///< component types
  std::uint32_t scope;
};

/// Whether the one that shaders/matrix.glsl needs is among them.
bool has_our_product(const std::vector<MatrixProduct>& products);

/// Whether subgroups have kMatrixSubgroup threads, or a compute pipeline can ask for so many.
/// `sizes` are zeros where they are unknown.
bool has_matrix_subgroups(std::uint32_t subgroup_size,
                          const VkPhysicalDeviceSubgroupSizeControlProperties& sizes);

/// What a driver offers, the best first; kNone is always the last.
std::vector<Matrices> offered_matrices(const InstanceApi& api, VkPhysicalDevice device,
                                       const std::vector<VkExtensionProperties>& extensions);

/// What the option "matrices" asks for; none: the best. Throws kUnavailable for unknown names.
std::optional<Matrices> wanted_matrices(const std::string& name);
/// "khr", as that option has it.
const char* name_of(Matrices matrices);

}  // namespace wick::vulkan
