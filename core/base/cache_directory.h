// Where Wick keeps what it can make again: the user's cache folder. Not for data or settings.
#pragma once

#include <filesystem>
#include <optional>

namespace wick {

/// $XDG_CACHE_HOME/wick, or .cache/wick of the home folder, made if it is not there. Nothing where
/// neither is an absolute path or the folder cannot be made: then nothing is kept.
std::optional<std::filesystem::path> cache_directory();

}  // namespace wick
