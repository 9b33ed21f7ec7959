// What a model asks of devices, in numbers, and what one device's part of it does. Nothing is
// allocated.
#pragma once

#include <wick/abi/backend.h>

#include <cstdint>
#include <map>
#include <vector>

#include "graph/graph.h"
#include "schedule/model_parts.h"
#include "schedule/segment_graph.h"

namespace wick {

struct ModelDemand {
  const Graph* graph = nullptr;
  ModelParts parts;
  /// By value of the graph; what they point to outlives this.
  std::map<std::uint32_t, wick_weight_desc> weights;
  std::uint32_t flags = 0;  ///< WICK_COMPILE_*
  std::uint32_t max_tokens = 0, max_outputs = 0, n_blocks = 0;
};

/// The weights of a segment as its device holds them: their uses are those of the segment alone.
std::vector<wick_weight_use> weights_of(const SegmentGraph& segment, const ModelDemand& demand,
                                        std::vector<wick_weight_desc>& descs);

/// A segment's request to a backend, with what it points to.
class SegmentDemand {
 public:
  /// The parts that `has` picks. Errors: those of cut_graph.
  SegmentDemand(const ModelDemand& demand, const std::vector<bool>& has);
  SegmentDemand(const SegmentDemand&) = delete;
  SegmentDemand& operator=(const SegmentDemand&) = delete;

  const SegmentGraph& segment() const noexcept { return segment_; }
  const wick_segment_request& request() const noexcept { return request_; }

 private:
  SegmentGraph segment_;
  std::vector<wick_weight_desc> descs_;
  std::vector<wick_weight_use> uses_;
  wick_segment_request request_;
};

}  // namespace wick
