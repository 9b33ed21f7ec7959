// Pipelines that a driver compiled, kept in a file: keyed by driver and build, checked before a
// driver sees them. Not for what is in them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "instance.h"

namespace wick::vulkan {

/// Empty where the file is not there, is of another driver or build, or does not have the checksum
/// that it was written with.
std::vector<std::uint8_t> read_pipeline_file(const std::string& file, const PhysicalDevice& device);
/// Beside the file and renamed; false, and nothing left behind, where that fails.
bool write_pipeline_file(const std::string& file, const PhysicalDevice& device,
                         const std::vector<std::uint8_t>& data) noexcept;

}  // namespace wick::vulkan
