// Loads the weights of every device of a placement, and joins them with the segments that use them.
#pragma once

#include <functional>
#include <vector>

#include "model/bound_model.h"
#include "schedule/executor.h"
#include "schedule/model_demand.h"
#include "schedule/placement.h"

namespace wick {

class ThreadPool;

struct LoadedSegments {
  std::vector<SegmentSource> sources;  ///< in the order in which they run
  std::vector<Owned<wick_weight>> weights;
};

/// A device has each of its weights once, whichever of its segments use it; two devices that need
/// the same weight have it each. `progress` as for load_weights, over all devices.
LoadedSegments load_segments(const BoundModel& model, const ModelDemand& demand,
                             const Placement& placement, ThreadPool& pool,
                             const std::function<void(double)>& progress);

}  // namespace wick
