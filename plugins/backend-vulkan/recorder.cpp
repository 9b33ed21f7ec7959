// See recorder.h.
#include "recorder.h"

#include <algorithm>

namespace wick::vulkan {

Recorder::Recorder(Device& device, VkPipelineLayout layout, VkCommandBuffer commands,
                   const Batch& batch, const std::vector<ValuePlace>& places,
                   const Program& program, std::uint32_t n_tokens, std::uint32_t n_outputs)
    : device_(device),
      layout_(layout),
      commands_(commands),
      batch_(batch),
      places_(places),
      program_(program),
      n_tokens_(n_tokens),
      n_outputs_(n_outputs) {}

std::uint32_t Recorder::n_rows(std::uint32_t value) const noexcept {
  return program_.values().all()[value].rows_are_outputs ? n_outputs_ : n_tokens_;
}

bool Recorder::overlaps(const std::vector<ValuePlace>& places, const ValuePlace& place) noexcept {
  return std::any_of(places.begin(), places.end(), [&](const ValuePlace& p) {
    return p.address < place.address + place.n_bytes && place.address < p.address + p.n_bytes;
  });
}

void Recorder::barrier() {
  compute_barrier(device_.api(), commands_);
  read_.clear();
  written_.clear();
}

void Recorder::begin(const Step& step) {
  bool must_wait = false;
  for (const std::uint32_t value : step.reads)
    must_wait = must_wait || overlaps(written_, places_[value]);
  for (const std::uint32_t value : step.writes)
    must_wait = must_wait || overlaps(written_, places_[value]) || overlaps(read_, places_[value]);
  if (must_wait) barrier();
  for (const std::uint32_t value : step.reads) read_.push_back(places_[value]);
  for (const std::uint32_t value : step.writes) written_.push_back(places_[value]);
}

void Recorder::send(VkPipeline pipeline, const void* push, std::uint32_t n_bytes, std::uint64_t x,
                    std::uint64_t y) {
  if (x == 0 || y == 0) return;
  constexpr std::uint64_t kMostGroups = 65535;  // what every device has
  if (x > kMostGroups || y > kMostGroups)
    fail(ErrorCode::kBadShape, device_.name(), ": a dispatch of ", x, " x ", y,
         " workgroups is too large; use smaller batches");
  const DeviceApi& api = device_.api();
  if (pipeline != bound_) api.CmdBindPipeline(commands_, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline);
  bound_ = pipeline;
  api.CmdPushConstants(commands_, layout_, VK_SHADER_STAGE_COMPUTE_BIT, 0, n_bytes, push);
  api.CmdDispatch(commands_, static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y), 1);
}

}  // namespace wick::vulkan
