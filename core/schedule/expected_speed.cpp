// See expected_speed.h. A backend estimates the bytes of a segment, not of each weight: those are
// shared out by what the storage classes say.
#include "schedule/expected_speed.h"

#include <algorithm>

#include "model/token_cost.h"

namespace wick {
namespace {

/// Bytes of a weight by its storage class, near enough to share out what a backend estimates.
double class_bytes(const wick_weight_desc& desc) {
  const auto n = static_cast<double>(desc.n_rows) * static_cast<double>(desc.n_cols);
  if (!desc.storage) return n * (desc.plain_type == WICK_TYPE_F32 ? 4 : 2);
  const wick_storage_class& s = *desc.storage;
  const double first = s.scale_type == WICK_SCALE_F32   ? 32
                       : s.scale_type == WICK_SCALE_F16 ? 16
                                                        : 8;
  const double bits = s.code_bits + first * (1 + s.has_min) / s.super_values +
                      (s.sub_scale_bits + s.sub_min_bits) / static_cast<double>(s.group_values);
  return n * bits / 8;
}

/// Of the products of one segment, with `weight_bytes` in all.
TokenCost cost_of(const wick_segment_request& request, std::uint64_t weight_bytes) {
  double sum = 0;
  for (std::uint32_t i = 0; i < request.n_weights; ++i)
    sum += class_bytes(*request.weights[i].desc);
  std::vector<CostedWeight> weights;
  for (std::uint32_t i = 0; i < request.n_weights; ++i) {
    const wick_weight_desc& desc = *request.weights[i].desc;
    const double share = static_cast<double>(weight_bytes) * class_bytes(desc) / sum;
    weights.push_back(
        {request.weights[i].value, number_kind(desc), static_cast<std::uint64_t>(share)});
  }
  return product_cost(from_abi(request.graph), weights);
}

}  // namespace

void expect_speed(std::vector<PlanLine>& lines, const std::vector<PlacedSegment>& segments,
                  SegmentEstimates& estimates,
                  const std::vector<std::optional<DeviceSpeed>>& speeds) {
  const ModelDemand& demand = estimates.demand();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const PlacedSegment& segment = segments[i];
    const auto& speed = speeds[segment.device];
    if (!speed) continue;
    const auto range = part_range(demand.parts, segment.first_part, segment.last_part);
    const SegmentDemand own(demand, range);
    const TokenCost cost = cost_of(own.request(), estimates.bytes(segment.device, range).weights);
    lines[i].token_seconds =
        speed->run_seconds +
        static_cast<double>(cost.token_bytes + cost.output_bytes) / speed->read_bytes;
    lines[i].prompt_seconds = speed->run_seconds / std::max(1u, demand.max_tokens) +
                              static_cast<double>(cost.token_macs.total()) / speed->macs;
  }
}

}  // namespace wick
