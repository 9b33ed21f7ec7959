// Values such as "NAME=12,NAME=4": a number for each device. Not for which devices there are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.h"
#include "schedule/device_list.h"

namespace wick::cli {

/// Of an option that may be absent; plain numbers. Errors: kUsage.
std::vector<DeviceNumber> device_counts(const Arguments& arguments, const std::string& option);
/// The same for bytes: K, M, G or T behind a number are powers of 1024.
std::vector<DeviceNumber> device_bytes(const Arguments& arguments, const std::string& option);

/// A number of bytes: "300", "300M"; K, M, G and T are powers of 1024. Errors: kUsage.
std::uint64_t parse_bytes(const std::string& subject, std::string_view text);

}  // namespace wick::cli
