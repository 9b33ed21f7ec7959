// See recipe_book.h.
#include "quantize/recipe_book.h"

#include <wick/error.h>

#include <algorithm>

#include "base/log.h"
#include "plugins/registry.h"
#include "quantize/weight_type.h"

namespace wick {

RecipeBook::RecipeBook(Registry& registry) {
  for (const std::string& path : registry.recipe_files()) {
    try {
      add(read_recipes(path));
    } catch (const Error& e) {
      log_warning("{}", e.what());
    }
  }
}

void RecipeBook::add(RecipeFile file) {
  for (Recipe& recipe : file.recipes) recipes_.push_back(std::move(recipe));
  fallbacks_.merge(file.fallbacks);
}

const Recipe* RecipeBook::find(std::string_view name) const {
  for (const Recipe& recipe : recipes_) {
    const bool is_alias =
        std::any_of(recipe.aliases.begin(), recipe.aliases.end(),
                    [&](const std::string& alias) { return same_type_name(alias, name); });
    if (is_alias || same_type_name(recipe.name, name)) return &recipe;
  }
  return nullptr;
}

std::string RecipeBook::fallback(const std::string& type) const {
  const auto found = fallbacks_.find(type);
  return found == fallbacks_.end() ? "" : found->second;
}

std::string RecipeBook::names() const {
  std::string names;
  for (const Recipe& recipe : recipes_) names += (names.empty() ? "" : ", ") + recipe.name;
  return names;
}

}  // namespace wick
