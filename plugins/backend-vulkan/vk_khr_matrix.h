// VK_KHR_cooperative_matrix as its specification declares it: the headers that we build with are
// older. Names of our own, so that newer headers do not get in the way.
#pragma once

#include <vulkan/vulkan.h>

#include <cstdint>

namespace wick::vulkan::khr {

constexpr char kMatrixExtension[] = "VK_KHR_cooperative_matrix";
constexpr auto kMatrixFeaturesType = static_cast<VkStructureType>(1000506000);
constexpr auto kMatrixProductType = static_cast<VkStructureType>(1000506001);
constexpr auto kMatrixStagesType = static_cast<VkStructureType>(1000506002);

/// VkPhysicalDeviceCooperativeMatrixFeaturesKHR
struct MatrixFeatures {
  VkStructureType type = kMatrixFeaturesType;
  void* next = nullptr;
  VkBool32 matrices = VK_FALSE;
  VkBool32 robust_access = VK_FALSE;
};

/// VkPhysicalDeviceCooperativeMatrixPropertiesKHR
struct MatrixStages {
  VkStructureType type = kMatrixStagesType;
  void* next = nullptr;
  VkShaderStageFlags stages = 0;
};

/// VkCooperativeMatrixPropertiesKHR
struct MatrixProduct {
  VkStructureType type = kMatrixProductType;
  void* next = nullptr;
  std::uint32_t m = 0, n = 0, k = 0;
  std::uint32_t left = 0, right = 0, addend = 0, sum = 0;
  VkBool32 saturates = VK_FALSE;
  std::uint32_t scope = 0;
};

/// vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR
using GetMatrixProducts = VkResult(VKAPI_PTR*)(VkPhysicalDevice, std::uint32_t*, MatrixProduct*);

#ifdef VK_KHR_cooperative_matrix
static_assert(sizeof(MatrixFeatures) == sizeof(VkPhysicalDeviceCooperativeMatrixFeaturesKHR));
static_assert(sizeof(MatrixStages) == sizeof(VkPhysicalDeviceCooperativeMatrixPropertiesKHR));
static_assert(sizeof(MatrixProduct) == sizeof(VkCooperativeMatrixPropertiesKHR));
static_assert(kMatrixFeaturesType ==
              VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_FEATURES_KHR);
static_assert(kMatrixProductType == VK_STRUCTURE_TYPE_COOPERATIVE_MATRIX_PROPERTIES_KHR);
static_assert(kMatrixStagesType ==
              VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_PROPERTIES_KHR);
#endif

}  // namespace wick::vulkan::khr
