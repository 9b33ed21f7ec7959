// What the time of a plan's runs was spent on, by the device's own clock: with the user's option
// "profile". Steps then run one after the other, so that each has its own time.
#pragma once

#include <map>
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
  /// A table, the longest first; nothing before the first run.
  std::vector<std::string> lines() const;

 private:
  struct Line {
    std::uint64_t n_calls = 0;
    double seconds = 0, bytes = 0;
  };
  Device& device_;
  const Program& program_;
  VkQueryPool pool_ = VK_NULL_HANDLE;
  std::map<std::string, Line> lines_;
  std::uint64_t n_runs_ = 0, n_tokens_ = 0;
};

}  // namespace wick::vulkan
