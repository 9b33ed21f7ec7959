// The choice that a user asked for by name.
#pragma once

#include <memory>
#include <string>

#include "quantize/recipe_book.h"
#include "quantize/type_choice.h"

namespace wick {

/// F32, F16 or BF16, a recipe, or a format: the first that has this name. `pure`: the format alone,
/// or the type that a recipe of this name gives to most tensors. The registry must outlive it.
/// Errors: kUnavailable, with a list of those that are there.
std::unique_ptr<TypeChoice> requested_types(Registry& registry,
                                            const std::shared_ptr<const RecipeBook>& book,
                                            const std::string& name, bool pure);

/// The same with the recipes of the registry's plugins.
std::unique_ptr<TypeChoice> requested_types(Registry& registry, const std::string& name,
                                            bool pure = false);

}  // namespace wick
