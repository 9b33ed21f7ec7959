// See matrices.h. A driver that names an extension may still lack the feature, compute shaders, or
// the one product that is needed: all are asked for.
#include "matrices.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "vk_khr_matrix.h"

namespace wick::vulkan {
namespace {

/// What is asked of either extension.
struct Offer {
  bool has_feature = false;
  VkShaderStageFlags stages = 0;
  std::vector<MatrixProduct> products;

  bool suits() const {
    return has_feature && (stages & VK_SHADER_STAGE_COMPUTE_BIT) && has_our_product(products);
  }
};

void ask(const InstanceApi& api, VkPhysicalDevice device, void* features, void* properties) {
  VkPhysicalDeviceFeatures2 all{};
  all.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2;
  all.pNext = features;
  api.GetPhysicalDeviceFeatures2(device, &all);
  VkPhysicalDeviceProperties2 numbers{};
  numbers.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2;
  numbers.pNext = properties;
  api.GetPhysicalDeviceProperties2(device, &numbers);
}

Offer offer_nv(const InstanceApi& api, VkPhysicalDevice device) {
  if (!api.matrix_products_nv) return {};
  VkPhysicalDeviceCooperativeMatrixFeaturesNV features{};
  features.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_FEATURES_NV;
  VkPhysicalDeviceCooperativeMatrixPropertiesNV stages{};
  stages.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_PROPERTIES_NV;
  ask(api, device, &features, &stages);
  std::uint32_t n = 0;
  const char* const call = "vkGetPhysicalDeviceCooperativeMatrixPropertiesNV";
  check(api.matrix_products_nv(device, &n, nullptr), call, "vulkan");
  VkCooperativeMatrixPropertiesNV none{};
  none.sType = VK_STRUCTURE_TYPE_COOPERATIVE_MATRIX_PROPERTIES_NV;
  std::vector<VkCooperativeMatrixPropertiesNV> all(n, none);
  check(api.matrix_products_nv(device, &n, all.data()), call, "vulkan");
  Offer offer{features.cooperativeMatrix == VK_TRUE, stages.cooperativeMatrixSupportedStages, {}};
  for (const auto& p : all)
    offer.products.push_back(
        {p.MSize, p.NSize, p.KSize, p.AType, p.BType, p.CType, p.DType, p.scope});
  return offer;
}

Offer offer_khr(const InstanceApi& api, VkPhysicalDevice device) {
  if (!api.matrix_products_khr) return {};
  khr::MatrixFeatures features;
  khr::MatrixStages stages;
  ask(api, device, &features, &stages);
  const char* const call = "vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR";
  std::uint32_t n = 0;
  check(api.matrix_products_khr(device, &n, nullptr), call, "vulkan");
  std::vector<khr::MatrixProduct> all(n);
  check(api.matrix_products_khr(device, &n, all.data()), call, "vulkan");
  Offer offer{features.matrices == VK_TRUE, stages.stages, {}};
  for (const khr::MatrixProduct& p : all)
    if (!p.saturates)
      offer.products.push_back({p.m, p.n, p.k, p.left, p.right, p.addend, p.sum, p.scope});
  return offer;
}

struct Row {
  Matrices matrices;
  const char* name;
  const char* extension;  // null: none is needed
  Offer (*offer)(const InstanceApi&, VkPhysicalDevice);
};
/// The best first.
constexpr Row kRows[] = {{Matrices::kKhr, "khr", khr::kMatrixExtension, offer_khr},
                         {Matrices::kNv, "nv", VK_NV_COOPERATIVE_MATRIX_EXTENSION_NAME, offer_nv},
                         {Matrices::kNone, "none", nullptr, nullptr}};

}  // namespace

bool has_our_product(const std::vector<MatrixProduct>& products) {
  constexpr std::uint32_t kF16 = VK_COMPONENT_TYPE_FLOAT16_NV, kF32 = VK_COMPONENT_TYPE_FLOAT32_NV;
  return std::any_of(products.begin(), products.end(), [](const MatrixProduct& p) {
    return p.m == 16 && p.n == 16 && p.k == 16 && p.left == kF16 && p.right == kF16 &&
           p.addend == kF32 && p.sum == kF32 && p.scope == VK_SCOPE_SUBGROUP_NV;
  });
}

bool has_matrix_subgroups(std::uint32_t subgroup_size,
                          const VkPhysicalDeviceSubgroupSizeControlProperties& sizes) {
  if (sizes.minSubgroupSize == sizes.maxSubgroupSize) return subgroup_size == kMatrixSubgroup;
  return sizes.minSubgroupSize <= kMatrixSubgroup && sizes.maxSubgroupSize >= kMatrixSubgroup &&
         (sizes.requiredSubgroupSizeStages & VK_SHADER_STAGE_COMPUTE_BIT);
}

std::vector<Matrices> offered_matrices(const InstanceApi& api, VkPhysicalDevice device,
                                       const std::vector<VkExtensionProperties>& extensions) {
  const auto has = [&](const char* name) {
    return std::any_of(extensions.begin(), extensions.end(), [&](const VkExtensionProperties& e) {
      return std::strcmp(e.extensionName, name) == 0;
    });
  };
  std::vector<Matrices> offered;
  for (const Row& row : kRows)
    if (!row.extension || (has(row.extension) && row.offer(api, device).suits()))
      offered.push_back(row.matrices);
  return offered;
}

std::optional<Matrices> wanted_matrices(const std::string& name) {
  if (name.empty()) return std::nullopt;
  std::string names;
  for (const Row& row : kRows) {
    if (row.name == name) return row.matrices;
    names += (names.empty() ? "" : ", ") + std::string(row.name);
  }
  fail(ErrorCode::kUnavailable, "vulkan: matrices by ", name, " are unknown, need one of ", names);
}

const char* name_of(Matrices matrices) {
  return std::find_if(std::begin(kRows), std::end(kRows),
                      [&](const Row& row) { return row.matrices == matrices; })
      ->name;
}

}  // namespace wick::vulkan
