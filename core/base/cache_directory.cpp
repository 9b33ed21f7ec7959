// See cache_directory.h.
#include "base/cache_directory.h"

#include <cstdlib>
#include <system_error>

namespace wick {
namespace {

namespace fs = std::filesystem;

/// Relative ones are not valid, says the specification; nor is anything in a set-user-id program.
fs::path folder_of(const char* variable) {
  const char* value = ::secure_getenv(variable);
  const fs::path path = value ? value : "";
  return path.is_absolute() ? path : fs::path();
}

}  // namespace

std::optional<fs::path> cache_directory() {
  fs::path base = folder_of("XDG_CACHE_HOME");
  if (base.empty()) {
    base = folder_of("HOME");
    if (base.empty()) return std::nullopt;
    base /= ".cache";
  }
  const fs::path folder = base / "wick";
  std::error_code error;
  const bool was_there = fs::is_directory(folder, error);
  if (!was_there) {
    fs::create_directories(folder, error);
    if (error) return std::nullopt;
    fs::permissions(folder, fs::perms::owner_all, error);
  }
  return folder;
}

}  // namespace wick
