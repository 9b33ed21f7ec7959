// See arrangement.h.
#include "schedule/arrangement.h"

#include <algorithm>
#include <functional>

namespace wick {

std::vector<PlacedSegment> segments_of(const Owners& owners, const ModelParts& parts) {
  std::vector<bool> has_nodes(parts.count(), false);
  for (const std::uint32_t part : parts.of_node) has_nodes[part] = true;
  std::vector<PlacedSegment> segments;
  std::size_t previous = kNobody;
  for (std::uint32_t part = 0; part < parts.count(); ++part) {
    if (!has_nodes[part]) continue;
    if (owners[part] != kNobody) {
      if (owners[part] == previous)
        segments.back().last_part = part;
      else
        segments.push_back({owners[part], part, part});
    }
    previous = owners[part];
  }
  return segments;
}

const PlanBytes& SegmentEstimates::bytes(std::size_t device, const std::vector<bool>& has) {
  const Device& d = devices_[device].device;
  const Key key{d.self(), d.index(), has};
  const auto known = known_.find(key);
  if (known != known_.end()) return known->second;
  const SegmentDemand segment(demand_, has);
  const wick_bytes bytes = d.estimate(segment.request());
  return known_[key] = {bytes.weights, bytes.state, bytes.activations, bytes.staging};
}

PlanBytes SegmentEstimates::device_bytes(std::size_t device, const Owners& owners) {
  std::vector<bool> has(demand_.parts.count(), false);
  PlanBytes all;
  bool is_used = false;
  for (const PlacedSegment& segment : segments_of(owners, demand_.parts)) {
    if (segment.device != device) continue;
    const std::vector<bool> range =
        part_range(demand_.parts, segment.first_part, segment.last_part);
    std::transform(has.begin(), has.end(), range.begin(), has.begin(), std::logical_or<>());
    const PlanBytes& own = bytes(device, range);
    all.activations += own.activations;
    all.staging += own.staging;
    is_used = true;
  }
  if (!is_used) return all;
  const PlanBytes& together = bytes(device, has);
  all.weights = together.weights;
  all.state = together.state;
  return all;
}

std::uint64_t SegmentEstimates::pool_bytes(std::size_t device, const Owners& owners) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < devices_.size(); ++i)
    if (devices_[i].memory_pool == devices_[device].memory_pool)
      sum += device_bytes(i, owners).total();
  return sum;
}

}  // namespace wick
