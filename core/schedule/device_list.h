// The devices that --backend names, in its order, and numbers that options give to some of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schedule/device.h"

namespace wick {

class Registry;

/// A device as the plan sees it. Named twice, it is there twice: with weights, state and plans of
/// its own, and one memory.
struct ListedDevice {
  Device device;
  DeviceFacts facts;
  std::string entry;                          ///< as --backend has it: "NAME", "NAME:1"
  std::string name;                           ///< the same, "NAME#2" where the entry is there twice
  std::string memory_pool;                    ///< equal where two devices share one memory
  std::uint64_t memory_limit = WICK_UNKNOWN;  ///< that the user gave
};

/// What an option says of one device: "NAME=12".
struct DeviceNumber {
  std::string device;
  std::uint64_t number = 0;
};

/// Errors: kUsage for a malformed entry; kUnavailable for a backend or device that is not there.
std::vector<ListedDevice> open_devices(Registry& registry, const std::vector<std::string>& entries);

/// The number of each device that has one. A name is an entry, with #2 the second of several alike;
/// or a backend, or another name of a device, where that is one entry only. Errors: kUsage, with
/// `option` first, for a name that fits none or several, or comes twice.
std::vector<std::optional<std::uint64_t>> match_numbers(const std::vector<ListedDevice>& devices,
                                                        const std::vector<DeviceNumber>& numbers,
                                                        std::string_view option);

}  // namespace wick
