// Who runs which part of a model, and in how many bytes. Not how that is decided: see
// layer_split.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "schedule/device_list.h"
#include "schedule/model_demand.h"
#include "schedule/plan_report.h"

namespace wick {

inline constexpr std::size_t kNobody = SIZE_MAX;

/// For every part the index of its device; kNobody while it is not decided.
using Owners = std::vector<std::size_t>;

/// Neighbouring parts on one device, run as one graph.
struct PlacedSegment {
  std::size_t device = 0;
  std::uint32_t first_part = 0, last_part = 0;
};

/// In the order in which they run. Parts without nodes, and of nobody, are left out.
std::vector<PlacedSegment> segments_of(const Owners& owners, const ModelParts& parts);

/// Asks the backends for bytes, each question once.
class SegmentEstimates {
 public:
  /// Both must outlive it.
  SegmentEstimates(const ModelDemand& demand, const std::vector<ListedDevice>& devices)
      : demand_(demand), devices_(devices) {}

  const ModelDemand& demand() const noexcept { return demand_; }
  const std::vector<ListedDevice>& devices() const noexcept { return devices_; }

  /// Of one graph with the parts that `has` picks. Errors: those of cut_graph, and the backend's.
  const PlanBytes& bytes(std::size_t device, const std::vector<bool>& has);
  /// Of all that a device does: a weight that two of its segments use is there once.
  PlanBytes device_bytes(std::size_t device, const Owners& owners);
  /// Of all devices that share the memory of this one.
  std::uint64_t pool_bytes(std::size_t device, const Owners& owners);

 private:
  using Key = std::tuple<const void*, std::uint32_t, std::vector<bool>>;

  const ModelDemand& demand_;
  const std::vector<ListedDevice>& devices_;
  std::map<Key, PlanBytes> known_;
};

}  // namespace wick
