// What the time of a plan's runs was spent on, by the device's own clock: with the user's option
// "profile". Steps then run one after the other, so that each has its own time.
#pragma once

#include <wick/sdk/profile_table.h>

#include <string>
#include <vector>

#include "device.h"
#include "program.h"

namespace wick::vulkan {

class Profile {
 public:
  Profile(Device& device, const Program& program);
  ~Profile();
  Profile(const Profile&) = delete;
  Profile& operator=(const Profile&) = delete;

  void start(VkCommandBuffer commands);
  /// Behind the step.
  void mark(VkCommandBuffer commands, std::size_t step);
  /// When the commands have run.
  void collect(std::uint32_t n_tokens);
  /// A table, the longest first.
  std::vector<std::string> lines() const { return table_.text("vulkan"); }

 private:
  Device& device_;
  const Program& program_;
  VkQueryPool pool_ = VK_NULL_HANDLE;
  sdk::ProfileTable table_;
};

}  // namespace wick::vulkan
