// Compute pipelines by shader and constants, each made once, and their cache on disk. Not for what
// they compute.
#pragma once

#include <array>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "device.h"
#include "shaders.h"

namespace wick::vulkan {

/// Specialization constants: (id, value), in ascending order of ids.
using Constants = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

constexpr std::uint32_t kPushBytes = 128;  ///< what every device has

class Pipelines {
 public:
  /// `cache_file`: where compiled pipelines are kept for the next start; empty: nowhere.
  Pipelines(Device& device, std::string cache_file);
  ~Pipelines();
  Pipelines(const Pipelines&) = delete;
  Pipelines& operator=(const Pipelines&) = delete;

  VkPipelineLayout layout() const noexcept { return layout_; }
  /// Any thread. `threads` of a workgroup are constant 0.
  VkPipeline get(Shader shader, std::uint32_t threads, const Constants& constants);
  /// Writes the cache where something was added to it. Never throws: a cache that cannot be written
  /// is one that is not there.
  void save() noexcept;

 private:
  VkPipeline make(Shader shader, const Constants& constants);
  VkShaderModule module_of(Shader shader);

  Device& device_;
  std::string cache_file_;
  std::mutex mutex_;
  VkPipelineLayout layout_ = VK_NULL_HANDLE;
  VkPipelineCache cache_ = VK_NULL_HANDLE;
  std::array<VkShaderModule, kShaders> modules_{};
  std::map<std::pair<Shader, Constants>, VkPipeline> made_;
  bool is_changed_ = false;
};

}  // namespace wick::vulkan
