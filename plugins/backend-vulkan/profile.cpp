// See profile.h.
#include "profile.h"

namespace wick::vulkan {

Profile::Profile(Device& device, const Program& program) : device_(device), program_(program) {
  if (!(device_.can().timestamp_ns > 0))
    fail(ErrorCode::kUnavailable, device_.name(),
         ": it has no clock for --profile; leave the option out");
  VkQueryPoolCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO;
  info.queryType = VK_QUERY_TYPE_TIMESTAMP;
  info.queryCount = static_cast<std::uint32_t>(program_.steps().size() + 1);
  device_.check(device_.api().CreateQueryPool(device_.handle(), &info, nullptr, &pool_),
                "vkCreateQueryPool");
}

Profile::~Profile() {
  if (pool_) device_.api().DestroyQueryPool(device_.handle(), pool_, nullptr);
}

void Profile::start(VkCommandBuffer commands) {
  const DeviceApi& api = device_.api();
  api.CmdResetQueryPool(commands, pool_, 0,
                        static_cast<std::uint32_t>(program_.steps().size() + 1));
  api.CmdWriteTimestamp(commands, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, pool_, 0);
}

void Profile::mark(VkCommandBuffer commands, std::size_t step) {
  compute_barrier(device_.api(), commands);
  device_.api().CmdWriteTimestamp(commands, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, pool_,
                                  static_cast<std::uint32_t>(step + 1));
}

void Profile::collect(std::uint32_t n_tokens) {
  const auto& steps = program_.steps();
  std::vector<std::uint64_t> times(steps.size() + 1);
  device_.check(device_.api().GetQueryPoolResults(
                    device_.handle(), pool_, 0, static_cast<std::uint32_t>(times.size()),
                    times.size() * sizeof(std::uint64_t), times.data(), sizeof(std::uint64_t),
                    VK_QUERY_RESULT_64_BIT | VK_QUERY_RESULT_WAIT_BIT),
                "vkGetQueryPoolResults");
  const double tick = static_cast<double>(device_.can().timestamp_ns) * 1e-9;
  for (std::size_t i = 0; i < steps.size(); ++i)
    table_.add(steps[i].about.empty() ? steps[i].op : steps[i].op + " " + steps[i].about,
               static_cast<double>(times[i + 1] - times[i]) * tick,
               static_cast<double>(steps[i].weight_bytes));
  table_.add_run(n_tokens);
}

}  // namespace wick::vulkan
