// The recipes of one plugin, for `wick plugins check`. The SDK's program reports what is found
// here, as it knows nothing of libwick.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace wick::cli {

struct RecipeCheck {
  std::string fault;  ///< a sentence; empty: none
  std::string text;   ///< what was read
};

/// Reads the file that the manifest beside `library` names, and looks for the types of its recipes
/// among plain ones, the plugin's own formats and those of installed plugins. Loads no plugin.
/// Nothing where no manifest beside it names recipes.
std::optional<RecipeCheck> check_recipes(const std::filesystem::path& library);

}  // namespace wick::cli
