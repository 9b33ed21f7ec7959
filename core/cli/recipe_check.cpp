// See recipe_check.h. By manifests alone: a plugin that is being checked may crash.
#include "cli/recipe_check.h"

#include <wick/error.h>

#include <algorithm>
#include <system_error>
#include <vector>

#include "files/quoted.h"
#include "plugins/discovery.h"
#include "quantize/recipe_file.h"
#include "quantize/weight_type.h"

namespace wick::cli {
namespace {

namespace fs = std::filesystem;

/// The one that names the library. What cannot be read, the SDK's program says something of.
std::optional<Manifest> manifest_of(const fs::path& library) {
  std::error_code error;
  for (fs::directory_iterator i(library.parent_path(), error), end; !error && i != end;
       i.increment(error)) {
    if (!i->path().native().ends_with(kManifestSuffix)) continue;
    try {
      Manifest manifest = read_manifest(i->path());
      if (manifest.library == library.filename()) return manifest;
    } catch (const Error&) {
      continue;
    }
  }
  return std::nullopt;
}

void add_formats(std::vector<std::string>& types, const Manifest& manifest) {
  for (const Promise& promise : manifest.provides)
    if (promise.kind == "quant") types.push_back(promise.id);
}

std::vector<std::string> known_types(const Manifest& own) {
  std::vector<std::string> types = plain_target_names();
  add_formats(types, own);
  for (const Candidate& candidate : discover({}))
    if (candidate.state == PluginState::kAvailable && candidate.manifest)
      add_formats(types, *candidate.manifest);
  return types;
}

/// A type that a file names, and where.
struct Named {
  std::string type, place;
};

std::vector<Named> named_types(const RecipeFile& file) {
  std::vector<Named> all;
  for (const Recipe& recipe : file.recipes) {
    const std::string place = "recipe " + wick::quoted(recipe.name);
    for (const std::string& type : {recipe.type, recipe.output, recipe.embedding})
      if (!type.empty()) all.push_back({type, place});
    for (const RecipeRule& rule : recipe.rules) all.push_back({rule.type, place});
  }
  for (const auto& [from, to] : file.fallbacks) {
    all.push_back({from, "fallbacks"});
    all.push_back({to, "fallbacks"});
  }
  return all;
}

std::string fault_of(const RecipeFile& file, const Manifest& own) {
  const std::vector<std::string> types = known_types(own);
  for (const Named& named : named_types(file))
    if (std::none_of(types.begin(), types.end(), [&](const std::string& type) {
          return same_type_name(named.type, type) ||
                 same_type_name(named.type, short_type_name(type));
        }))
      return own.recipes + ": " + named.place + ": the type " + wick::quoted(named.type) +
             " is no format of this plugin nor of one that is installed; correct it, or install "
             "the plugin that has it";
  return "";
}

}  // namespace

std::optional<RecipeCheck> check_recipes(const fs::path& library) {
  const std::optional<Manifest> manifest = manifest_of(library);
  if (!manifest || manifest->recipes.empty()) return std::nullopt;
  try {
    const RecipeFile file = read_recipes(library.parent_path() / manifest->recipes);
    return RecipeCheck{fault_of(file, *manifest),
                       std::to_string(file.recipes.size()) + " in " + manifest->recipes};
  } catch (const Error& e) {
    return RecipeCheck{e.what(), ""};
  }
}

}  // namespace wick::cli
