// Decides how many layers each device takes, and where embedding and output go.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "schedule/arrangement.h"
#include "schedule/device_speed.h"

namespace wick {

/// Why a device has as many layers as it has.
enum class LayerReason { kForced, kAllFit, kWhatFits, kWhatIsLeft, kNoneLeft };

struct LayerSplit {
  Owners owners;
  std::vector<LayerReason> reasons;  ///< of each device
};

/// Free bytes that a plan leaves alone: a sixteenth, 64 MiB at least. Estimates may be 3 % too low;
/// as much again is for what they do not count (rounding of allocations, command buffers, compiled
/// kernels) and for others that use the device meanwhile.
std::uint64_t head_room(std::uint64_t memory_free) noexcept;

/// What a token costs, in bytes that the first device reads meanwhile.
struct ReadCosts {
  std::vector<double> per_byte;  ///< that a device reads, one for each
  double border = 0;             ///< from one segment to the next
};

/// Nothing is known: each device is four times slower than the one before, and a border takes 1
/// MiB.
ReadCosts assumed_costs(std::size_t n_devices);
/// By what was measured, where that is known of every device; otherwise as assumed.
ReadCosts costs_of(const std::vector<std::optional<DeviceSpeed>>& speeds);

/// Contiguous layers to the devices in their order: `forced` counts where there are some, else as
/// many as fit; the last that is not forced takes what is left. Of the places for embedding and
/// output, the cheapest for a token. Errors: kUsage for counts that do not add up; kOutOfMemory
/// where it does not fit.
LayerSplit split_layers(SegmentEstimates& estimates,
                        const std::vector<std::optional<std::uint64_t>>& forced,
                        const ReadCosts& costs);

}  // namespace wick
