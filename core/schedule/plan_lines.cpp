// See plan_lines.h.
#include "schedule/plan_lines.h"

#include <fmt/format.h>
#include <wick/error.h>

#include <algorithm>
#include <functional>
#include <set>

namespace wick {
namespace {

/// Refuses a device that cannot run an op of the graph with the weights that it has there.
void check_ops(const ListedDevice& listed, const wick_segment_request& request) {
  const Graph& graph = from_abi(request.graph);
  std::vector<const wick_weight_desc*> weight_of(graph.values.size(), nullptr);
  for (std::uint32_t i = 0; i < request.n_weights; ++i)
    weight_of[request.weights[i].value] = request.weights[i].desc;
  const Device& device = listed.device;
  for (const Node& node : graph.nodes) {
    const wick_weight_desc* weight = nullptr;
    for (const std::uint32_t input : node.inputs)
      if (input != WICK_NONE && weight_of[input]) weight = weight_of[input];
    std::uint32_t support = WICK_SUPPORT_NONE;
    device.call(device.table().supports, device.index(), sdk::to_str(node.op),
                weight ? weight->storage : nullptr, weight ? weight->plain_type : WICK_TYPE_F32,
                &support);
    if (support == WICK_SUPPORT_NONE)
      fail(ErrorCode::kUnavailable, "backend ", listed.name, ": it cannot run ", node.op,
           weight ? " with the type of " : "",
           weight ? std::string(sdk::to_view(weight->name)) : "", "; choose another backend");
  }
}

std::string mib(std::uint64_t bytes) {
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1 << 20));
}

class LineWriter {
 public:
  LineWriter(SegmentEstimates& estimates, const LayerSplit& split)
      : estimates_(estimates),
        split_(split),
        parts_(estimates.demand().parts),
        seen_(estimates.devices().size(), std::vector<bool>(parts_.count(), false)) {}

  PlanLine line(const PlacedSegment& segment);

 private:
  PlanBytes bytes_of(const PlacedSegment& segment);
  std::string reason_of(const PlacedSegment& segment) const;
  std::string layers_reason(std::size_t device) const;
  bool ends_share_weight() const;

  SegmentEstimates& estimates_;
  const LayerSplit& split_;
  const ModelParts& parts_;
  std::vector<std::vector<bool>> seen_;  // parts of each device in lines before
};

PlanLine LineWriter::line(const PlacedSegment& segment) {
  const ListedDevice& listed = estimates_.devices()[segment.device];
  PlanLine line;
  line.part = describe_parts(parts_, segment.first_part, segment.last_part);
  line.backend = listed.device.backend();
  line.entry = listed.name;
  line.device = listed.facts.name;
  line.memory_free = listed.facts.memory_free;
  line.bytes = bytes_of(segment);
  line.reason = reason_of(segment);
  return line;
}

/// A weight that the device holds already, for a line before, costs nothing.
PlanBytes LineWriter::bytes_of(const PlacedSegment& segment) {
  const auto range = part_range(parts_, segment.first_part, segment.last_part);
  const SegmentDemand demand(estimates_.demand(), range);
  check_ops(estimates_.devices()[segment.device], demand.request());
  PlanBytes bytes = estimates_.bytes(segment.device, range);
  std::vector<bool>& seen = seen_[segment.device];
  const bool is_first = std::find(seen.begin(), seen.end(), true) == seen.end();
  const std::uint64_t before = is_first ? 0 : estimates_.bytes(segment.device, seen).weights;
  std::transform(seen.begin(), seen.end(), range.begin(), seen.begin(), std::logical_or<>());
  if (!is_first) bytes.weights = estimates_.bytes(segment.device, seen).weights - before;
  return bytes;
}

std::string LineWriter::layers_reason(std::size_t device) const {
  const ListedDevice& listed = estimates_.devices()[device];
  switch (split_.reasons[device]) {
    case LayerReason::kForced:
      return "--layers";
    case LayerReason::kAllFit:
      return "all layers fit";
    case LayerReason::kWhatIsLeft:
      return "what is left";
    case LayerReason::kNoneLeft:
      return "no layer is left";
    case LayerReason::kWhatFits:
      break;
  }
  if (listed.memory_limit != WICK_UNKNOWN)
    return fmt::format("what fits into {} (--memory)", mib(listed.memory_limit));
  return fmt::format("what fits, with {} of head-room",
                     mib(head_room(listed.facts.memory_at_hand())));
}

/// Whether embedding and output use one matrix.
bool LineWriter::ends_share_weight() const {
  const Graph& graph = *estimates_.demand().graph;
  std::set<std::uint32_t> first;
  bool shared = false;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i)
    for (const std::uint32_t input : graph.nodes[i].inputs) {
      if (input == WICK_NONE || graph.values[input].kind != WICK_VALUE_WEIGHT) continue;
      if (parts_.of_node[i] == parts_.embedding()) first.insert(input);
      if (parts_.of_node[i] == parts_.output()) shared = shared || first.count(input) != 0;
    }
  return shared;
}

std::string LineWriter::reason_of(const PlacedSegment& segment) const {
  const bool has_layers = segment.first_part <= parts_.n_layers && segment.last_part >= 1;
  if (has_layers) return layers_reason(segment.device);
  const bool together =
      split_.owners[parts_.embedding()] == split_.owners[parts_.output()] && ends_share_weight();
  if (together) return "embedding and output are one weight";
  return segment.first_part == parts_.embedding() ? "leaves its bytes to layers on other devices"
                                                  : "cheaper here than where the layers end";
}

}  // namespace

std::vector<PlanLine> plan_lines(SegmentEstimates& estimates, const LayerSplit& split,
                                 const std::string& whole_reason) {
  LineWriter writer(estimates, split);
  const auto segments = segments_of(split.owners, estimates.demand().parts);
  std::vector<PlanLine> lines;
  for (const PlacedSegment& segment : segments) lines.push_back(writer.line(segment));
  if (lines.size() == 1) lines.front().reason = whole_reason;
  return lines;
}

}  // namespace wick
