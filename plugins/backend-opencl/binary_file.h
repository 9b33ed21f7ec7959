// Compiled programs on disk, one file each. Not for compiling.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace wick::opencl {

/// Where the program of `key` (driver, device, options and source) is kept.
std::string binary_file_of(const std::string& folder, const std::string& key);
/// Empty where there is no such file, or not a whole one of this key.
std::vector<std::uint8_t> read_binary_file(const std::string& file, const std::string& key);
/// Written beside and renamed. False where it cannot be written: a cache that is not there.
bool write_binary_file(const std::string& file, const std::string& key,
                       const std::vector<std::uint8_t>& binary) noexcept;

}  // namespace wick::opencl
