// Decides how many layers each device takes, and where embedding and output go.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "schedule/arrangement.h"

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

/// Contiguous layers to the devices in their order: `forced` counts where there are some, else as
/// many as fit; the last that is not forced takes what is left. Of the places for embedding and
/// output, the cheapest for a token: bytes that are read, those of later devices counting four
/// times those of the one before, and 1 MiB for each border. Errors: kUsage for counts that do not
/// add up; kOutOfMemory where it does not fit.
LayerSplit split_layers(SegmentEstimates& estimates,
                        const std::vector<std::optional<std::uint64_t>>& forced);

}  // namespace wick
