// The choice that a user asked for by name.
#pragma once

#include <memory>
#include <string>

#include "quantize/recipe_book.h"
#include "quantize/type_choice.h"

namespace wick {

/// F32, F16 or BF16, a recipe, or a format: the first that has this name. `pure`: the format alone,
/// or the type that a recipe of this name gives to most tensors. `book` must outlive it. Errors:
/// kUnavailable, with a list of those that are there.
std::unique_ptr<TypeChoice> requested_types(Registry& registry, const RecipeBook& book,
                                            const std::string& name, bool pure);

}  // namespace wick
