// Whether somebody else could have put a file where it is. Not a check of what is in it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace wick {

/// Nothing if `path` may be loaded: it, and every folder and link on the way to it, belong to root
/// or to the effective user, and neither group nor others may write them. A folder above the file's
/// own may be writable if it is sticky, as /tmp is. Otherwise one sentence about the first thing
/// that is wrong; also where something on the way cannot be looked at. `path` is absolute.
std::optional<std::string> distrust(const std::filesystem::path& path);

}  // namespace wick
