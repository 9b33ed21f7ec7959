// Which cooperative matrices a device is found to have: drivers in a few lines, since CI's has
// none.
#include "matrices.h"

#include "vk_khr_matrix.h"

#include <wick/error.h>

#include <gtest/gtest.h>

#include <cstring>

namespace wick::vulkan {
namespace {

constexpr std::uint32_t kF16 = 0, kF32 = 1;
constexpr MatrixProduct kOurs{16, 16, 16, kF16, kF16, kF32, kF32, 3};

TEST(MatrixProducts, HaveOursAmongOthers) {
  EXPECT_TRUE(has_our_product({{16, 8, 16, kF16, kF16, kF32, kF32, 3}, kOurs}));
  EXPECT_FALSE(has_our_product({}));
}

TEST(MatrixProducts, DifferInEveryNumber) {
  for (std::uint32_t MatrixProduct::*number :
       {&MatrixProduct::m, &MatrixProduct::n, &MatrixProduct::k, &MatrixProduct::left,
        &MatrixProduct::right, &MatrixProduct::addend, &MatrixProduct::sum,
        &MatrixProduct::scope}) {
    MatrixProduct other = kOurs;
    other.*number += 1;
    EXPECT_FALSE(has_our_product({other}));
  }
}

bool has_subgroups(std::uint32_t size, std::uint32_t least, std::uint32_t most,
                   VkShaderStageFlags stages = VK_SHADER_STAGE_COMPUTE_BIT) {
  VkPhysicalDeviceSubgroupSizeControlProperties sizes{};
  sizes.minSubgroupSize = least;
  sizes.maxSubgroupSize = most;
  sizes.requiredSubgroupSizeStages = stages;
  return has_matrix_subgroups(size, sizes);
}

TEST(MatrixSubgroups, Have32ThreadsOrCan) {
  EXPECT_TRUE(has_subgroups(32, 32, 32));
  EXPECT_TRUE(has_subgroups(32, 0, 0, 0)) << "no driver without size control has others";
  EXPECT_TRUE(has_subgroups(64, 32, 64)) << "as AMD's";
  EXPECT_TRUE(has_subgroups(32, 8, 32)) << "as Intel's";
  EXPECT_FALSE(has_subgroups(64, 64, 64));
  EXPECT_FALSE(has_subgroups(8, 8, 8));
  EXPECT_FALSE(has_subgroups(8, 8, 16));
  EXPECT_FALSE(has_subgroups(128, 64, 128));
}

TEST(MatrixSubgroups, AreChosenByComputePipelines) {
  EXPECT_FALSE(has_subgroups(64, 32, 64, VK_SHADER_STAGE_FRAGMENT_BIT));
  EXPECT_FALSE(has_subgroups(32, 8, 32, 0)) << "a size that varies is not 32";
}

/// What the functions of a driver answer with; they are plain functions, so it is global.
struct Driver {
  bool has_nv = true, has_khr = true, saturates = false;
  VkShaderStageFlags stages = VK_SHADER_STAGE_COMPUTE_BIT;
  std::uint32_t n = 16;
} driver;

template <class Chained>
Chained* find_in(void* chain, VkStructureType type) {
  for (auto* at = static_cast<VkBaseOutStructure*>(chain); at; at = at->pNext)
    if (at->sType == type) return reinterpret_cast<Chained*>(at);
  return nullptr;
}

void VKAPI_CALL features_of(VkPhysicalDevice, VkPhysicalDeviceFeatures2* features) {
  if (auto* nv = find_in<VkPhysicalDeviceCooperativeMatrixFeaturesNV>(
          features->pNext, VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_FEATURES_NV))
    nv->cooperativeMatrix = driver.has_nv;
  if (auto* khr = find_in<khr::MatrixFeatures>(features->pNext, khr::kMatrixFeaturesType))
    khr->matrices = driver.has_khr;
}

void VKAPI_CALL properties_of(VkPhysicalDevice, VkPhysicalDeviceProperties2* properties) {
  if (auto* nv = find_in<VkPhysicalDeviceCooperativeMatrixPropertiesNV>(
          properties->pNext, VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_PROPERTIES_NV))
    nv->cooperativeMatrixSupportedStages = driver.stages;
  if (auto* khr = find_in<khr::MatrixStages>(properties->pNext, khr::kMatrixStagesType))
    khr->stages = driver.stages;
}

VkResult VKAPI_CALL products_nv(VkPhysicalDevice, std::uint32_t* n,
                                VkCooperativeMatrixPropertiesNV* products) {
  *n = 1;
  if (!products) return VK_SUCCESS;
  EXPECT_EQ(products->sType, VK_STRUCTURE_TYPE_COOPERATIVE_MATRIX_PROPERTIES_NV);
  products->MSize = products->KSize = 16;
  products->NSize = driver.n;
  products->AType = products->BType = VK_COMPONENT_TYPE_FLOAT16_NV;
  products->CType = products->DType = VK_COMPONENT_TYPE_FLOAT32_NV;
  products->scope = VK_SCOPE_SUBGROUP_NV;
  return VK_SUCCESS;
}

VkResult VKAPI_CALL products_khr(VkPhysicalDevice, std::uint32_t* n, khr::MatrixProduct* products) {
  *n = 1;
  if (!products) return VK_SUCCESS;
  EXPECT_EQ(products->type, khr::kMatrixProductType);
  products->m = products->k = 16;
  products->n = driver.n;
  products->left = products->right = kF16;
  products->addend = products->sum = kF32;
  products->saturates = driver.saturates;
  products->scope = VK_SCOPE_SUBGROUP_NV;
  return VK_SUCCESS;
}

class OfferedMatrices : public ::testing::Test {
 protected:
  OfferedMatrices() {
    driver = {};
    api_.GetPhysicalDeviceFeatures2 = features_of;
    api_.GetPhysicalDeviceProperties2 = properties_of;
    api_.matrix_products_nv = products_nv;
    api_.matrix_products_khr = products_khr;
  }
  std::vector<Matrices> offered(const std::vector<const char*>& names) const {
    std::vector<VkExtensionProperties> extensions(names.size());
    for (std::size_t i = 0; i < names.size(); ++i)
      std::strcpy(extensions[i].extensionName, names[i]);
    return offered_matrices(api_, VK_NULL_HANDLE, extensions);
  }

  const std::vector<const char*> both_{"VK_NV_cooperative_matrix", "VK_KHR_cooperative_matrix"};
  const std::vector<Matrices> none_{Matrices::kNone};
  InstanceApi api_;
};

TEST_F(OfferedMatrices, AreThoseOfTheExtensions) {
  using M = std::vector<Matrices>;
  EXPECT_EQ(offered(both_), (M{Matrices::kKhr, Matrices::kNv, Matrices::kNone}));
  EXPECT_EQ(offered({both_[0]}), (M{Matrices::kNv, Matrices::kNone}));
  EXPECT_EQ(offered({both_[1]}), (M{Matrices::kKhr, Matrices::kNone}));
  EXPECT_EQ(offered({"VK_KHR_swapchain"}), none_);
}

TEST_F(OfferedMatrices, NeedTheFeature) {
  driver.has_nv = false;
  EXPECT_EQ(offered(both_), (std::vector<Matrices>{Matrices::kKhr, Matrices::kNone}));
  driver.has_khr = false;
  EXPECT_EQ(offered(both_), none_);
}

TEST_F(OfferedMatrices, NeedComputeShaders) {
  driver.stages = VK_SHADER_STAGE_FRAGMENT_BIT;
  EXPECT_EQ(offered(both_), none_);
}

TEST_F(OfferedMatrices, NeedOurProduct) {
  driver.n = 8;
  EXPECT_EQ(offered(both_), none_);
}

TEST_F(OfferedMatrices, DoNotSaturate) {
  driver.saturates = true;
  EXPECT_EQ(offered({both_[1]}), none_);
}

TEST_F(OfferedMatrices, AreNoneWhereTheLoaderLacksTheFunctions) {
  api_.matrix_products_nv = nullptr;
  api_.matrix_products_khr = nullptr;
  EXPECT_EQ(offered(both_), none_);
}

TEST(WantedMatrices, AreNamed) {
  EXPECT_EQ(wanted_matrices(""), std::nullopt);
  for (const Matrices m : {Matrices::kNv, Matrices::kKhr, Matrices::kNone})
    EXPECT_EQ(wanted_matrices(name_of(m)), m);
  try {
    wanted_matrices("KHR");
    FAIL() << "an unknown name was taken";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kUnavailable);
    EXPECT_STREQ(e.what(), "vulkan: matrices by KHR are unknown, need one of khr, nv, none");
  }
}

}  // namespace
}  // namespace wick::vulkan
