// Keeps measured speeds in the user's cache folder, a small file for each device and driver. Not
// for what could not be measured again.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "schedule/device_speed.h"

namespace wick {

class SpeedCache {
 public:
  /// In cache_directory(). The key is the backend's id, the file of its plugin (path, size, time),
  /// the device's id, name and description: a new driver or another number of threads is another
  /// device.
  explicit SpeedCache(const ListedDevice& listed);
  /// In a folder of the caller's; nothing: nothing is kept.
  SpeedCache(std::optional<std::filesystem::path> folder, std::string key);

  /// Nothing where there is none, or the file is damaged, of another key or another version.
  std::optional<DeviceSpeed> load() const;
  /// The file appears whole or not at all. A folder that cannot be written to is no error.
  void store(const DeviceSpeed& speed) const;

  const std::optional<std::filesystem::path>& file() const noexcept { return file_; }

 private:
  std::string key_;
  std::optional<std::filesystem::path> file_;
};

}  // namespace wick
