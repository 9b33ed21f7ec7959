// How fast a device is with a model's products, measured through the contract itself: what a plan
// reckons with. Not the ceilings that `wick bench` shows: those are the device's own.
#pragma once

#include <functional>
#include <optional>

#include "schedule/device_list.h"

namespace wick {

class ThreadPool;

struct DeviceSpeed {
  double read_bytes = 0;   ///< of weights, as the device holds them, per second, for one token
  double macs = 0;         ///< multiply-adds per second, for many tokens
  double run_seconds = 0;  ///< that a run takes whatever is in it
};

/// Keeps the device busy for one or two seconds and some 256 MiB of its memory, less where it is
/// slow or has little. Nothing where it does not support the products that are measured. Errors:
/// what the backend says.
std::optional<DeviceSpeed> measure_speed(const Device& device, const DeviceFacts& facts,
                                         ThreadPool& pool);

/// From the user's cache folder, or measured and kept there, for this plugin's file, device and
/// driver; `measuring` is called before that. Errors: as above.
std::optional<DeviceSpeed> known_speed(const ListedDevice& listed, ThreadPool& pool,
                                       const std::function<void()>& measuring);

}  // namespace wick
