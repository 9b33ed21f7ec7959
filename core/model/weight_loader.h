// Moves weights from the mapped file into a backend's layout: in parallel, tile by tile, dropping
// the file behind it.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "model/bound_model.h"
#include "schedule/device.h"

namespace wick {

class ThreadPool;

/// A weight to load: where its values come from, and as what its device is to hold it.
struct WeightLoad {
  const WeightSource* source = nullptr;
  wick_weight_desc desc;
};

/// In the order of `loads`. `progress` is called from the calling thread with the part done, 0..1;
/// may be empty. Errors: what the format or the backend says.
std::vector<Owned<wick_weight>> load_weights(const BoundModel& model,
                                             const std::vector<WeightLoad>& loads,
                                             const Device& device, ThreadPool& pool,
                                             const std::function<void(double)>& progress);

}  // namespace wick
