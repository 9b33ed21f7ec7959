// Tells whether files have changed without reading them: names, sizes and times. Not against people
// who want it to be fooled: whoever can write these files can do worse.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace wick {

struct Manifest;

/// A hash of what was added, in order: FNV-1a, 64 bits (Fowler, Noll and Vo, 1991).
class Fingerprint {
 public:
  void add(std::string_view text);
  void add(std::uint64_t number);
  /// Size and time of change of a file, what a folder holds at first level, or that there is
  /// nothing. Of files that have no size, as those of /proc, the first 64 KiB of what is in them.
  /// Bounded, whatever is there; opens neither pipes nor devices.
  void add_path(const std::filesystem::path& path);
  /// 16 hexadecimal digits.
  std::string text() const;

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325u;
};

/// Of the drivers that a plugin talks to, as its manifest names them: what is at its paths, the
/// values of its variables, and what is at absolute paths in those values.
std::string driver_fingerprint(const Manifest& manifest);

}  // namespace wick
