// The recipes of all plugins, by name, and the types that step in for others.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "quantize/recipe_file.h"

namespace wick {

class Registry;

/// Names count in any case; of two recipes with one name, and of two fallbacks of one type, the
/// first stays.
class RecipeBook {
 public:
  RecipeBook() = default;
  /// The files of the registry's plugins. One that cannot be used is passed over with a warning.
  explicit RecipeBook(Registry& registry);

  void add(RecipeFile file);

  /// Null where there is none. Valid until the next add().
  const Recipe* find(std::string_view name) const;
  /// What steps in for a type that does not divide a row; empty where nothing does.
  std::string fallback(const std::string& type) const;
  /// "Q4_0, Q4_K_M", in their order.
  std::string names() const;

 private:
  std::vector<Recipe> recipes_;
  std::map<std::string, std::string> fallbacks_;
};

}  // namespace wick
