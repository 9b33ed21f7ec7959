// What steps see while a plan's commands are recorded: addresses, rows, and dispatch(). It sets
// barriers where a dispatch touches memory that an earlier one since the last barrier wrote, or
// writes what one reads.
#pragma once

#include <cstring>
#include <vector>

#include "batch.h"
#include "program.h"

namespace wick::vulkan {

/// Memory of a value while it is recorded.
struct ValuePlace {
  std::uint64_t address = 0, n_bytes = 0;
};

class Recorder {
 public:
  Recorder(Device& device, VkPipelineLayout layout, VkCommandBuffer commands, const Batch& batch,
           const std::vector<ValuePlace>& places, const Program& program, std::uint32_t n_tokens,
           std::uint32_t n_outputs);

  /// Before the step's dispatches.
  void begin(const Step& step);
  std::uint64_t address(std::uint32_t value) const noexcept { return places_[value].address; }
  std::uint32_t n_rows(std::uint32_t value) const noexcept;
  std::uint32_t n_tokens() const noexcept { return n_tokens_; }
  /// Of a counter of the program: their place is behind those of the values.
  std::uint64_t counter(std::uint32_t index) const noexcept {
    return places_.back().address + index * std::uint64_t{4};
  }
  const Batch& batch() const noexcept { return batch_; }
  /// Between two dispatches of one step.
  void barrier();

  template <class Push>
  void dispatch(VkPipeline pipeline, const Push& push, std::uint64_t x, std::uint64_t y = 1) {
    static_assert(sizeof(Push) <= kPushBytes && sizeof(Push) % 4 == 0);
    send(pipeline, &push, sizeof push, x, y);
  }
  /// Workgroups for n of something, in two dimensions where one is not enough.
  template <class Push>
  void dispatch_many(VkPipeline pipeline, const Push& push, std::uint64_t n) {
    constexpr std::uint64_t kMost = 32768;
    dispatch(pipeline, push, n < kMost ? n : kMost, (n + kMost - 1) / kMost);
  }

 private:
  void send(VkPipeline pipeline, const void* push, std::uint32_t n_bytes, std::uint64_t x,
            std::uint64_t y);
  static bool overlaps(const std::vector<ValuePlace>& places, const ValuePlace& place) noexcept;

  Device& device_;
  VkPipelineLayout layout_;
  VkCommandBuffer commands_;
  const Batch& batch_;
  const std::vector<ValuePlace>& places_;
  const Program& program_;
  std::uint32_t n_tokens_, n_outputs_;
  VkPipeline bound_ = VK_NULL_HANDLE;
  std::vector<ValuePlace> read_, written_;  // since the last barrier
};

}  // namespace wick::vulkan
