// See arrangement.h.
#include "schedule/arrangement.h"

#include <algorithm>
#include <functional>

#include "schedule/border.h"

namespace wick {
namespace {

/// What a device keeps of the values that come to a segment and leave it; nothing where it uses the
/// host's memory in place: a card may import that, and has memory of its own beside it.
std::uint64_t border_bytes(const ListedDevice& listed, const SegmentGraph& cut,
                           const ModelDemand& demand) {
  const wick_backend_v1& table = listed.device.table();
  if (WICK_CAN(&table, buffer_import) && listed.facts.shares_host_memory) return 0;
  std::uint64_t sum = 0;
  for (const Value& value : cut.graph.values) {
    if (value.kind != WICK_VALUE_INPUT && !value.is_output) continue;
    const bool of_outputs = value.dims.front() == WICK_DIM_OUTPUTS;
    sum += Border::capacity_of(of_outputs ? demand.max_outputs : demand.max_tokens,
                               static_cast<std::uint64_t>(value.dims.back()));
  }
  return sum;
}

}  // namespace

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
  // A segment is compiled for one token too, and keeps both.
  wick_segment_request decode = segment.request();
  decode.max_tokens = decode.max_outputs = 1;
  const std::uint64_t activations = bytes.activations + d.estimate(decode).activations +
                                    border_bytes(devices_[device], segment.segment(), demand_);
  return known_[key] = {bytes.weights, bytes.state, activations, bytes.staging};
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
