// See device.h.
#include "schedule/device.h"

namespace wick {

std::vector<Device> Device::all(const Provider& provider) {
  std::uint32_t n = 0;
  const Device first(provider, 0);
  first.call(first.table().device_count, &n);
  std::vector<Device> devices;
  for (std::uint32_t i = 0; i < n; ++i) devices.emplace_back(provider, i);
  return devices;
}

DeviceFacts Device::facts() const {
  auto info = sdk::make<wick_device_info>();
  call(table_->device_info, index_, &info);
  DeviceFacts facts;
  facts.id = std::string(sdk::to_view(info.id));
  facts.name = std::string(sdk::to_view(info.name));
  facts.description = std::string(sdk::to_view(info.description));
  facts.memory_total = info.memory_total;
  facts.memory_free = info.memory_free;
  facts.bandwidth = info.bandwidth;
  facts.row_tile = info.row_tile == 0 ? 1 : info.row_tile;
  facts.caches_weights = (info.flags & WICK_DEVICE_CACHES_WEIGHTS) != 0;
  facts.shares_host_memory = (info.flags & WICK_DEVICE_SHARES_HOST_MEMORY) != 0;
  return facts;
}

wick_bytes Device::estimate(const wick_segment_request& request) const {
  auto bytes = sdk::make<wick_bytes>();
  call(table_->estimate, index_, &request, &bytes);
  return bytes;
}

std::optional<DeviceLimits> Device::measure_limits(std::uint32_t n_threads) const {
  if (!WICK_CAN(table_, measure_limits)) return std::nullopt;
  auto measured = sdk::make<wick_device_limits>();
  call(table_->measure_limits, index_, n_threads, &measured);
  DeviceLimits limits;
  limits.n_threads = measured.n_threads;
  limits.read_bytes = measured.read_bytes;
  limits.int8_macs = measured.int8_macs;
  limits.f16_macs = measured.f16_macs;
  limits.bf16_macs = measured.bf16_macs;
  limits.f32_macs = measured.f32_macs;
  limits.description = std::string(sdk::to_view(measured.description));
  return limits;
}

}  // namespace wick
