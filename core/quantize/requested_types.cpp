// See requested_types.h.
#include "quantize/requested_types.h"

#include <wick/error.h>

#include "files/quoted.h"
#include "quantize/recipe_types.h"
#include "quantize/single_type.h"

namespace wick {

std::unique_ptr<TypeChoice> requested_types(Registry& registry,
                                            const std::shared_ptr<const RecipeBook>& book,
                                            const std::string& name, bool pure) {
  const Recipe* recipe = book->find(name);
  if (recipe && !pure) return std::make_unique<RecipeTypes>(registry, book, *recipe);
  const bool has_format = has_weight_type(registry, name, "--type");
  if (!recipe && !has_format)
    fail(ErrorCode::kUnavailable, "--type ", wick::quoted(name),
         ": no installed plugin has such a recipe or format, need a recipe, one of ",
         book->names().empty() ? "none" : book->names(), ", or a format, one of ",
         writable_types(registry));
  const std::string type = has_format ? name : recipe->type;
  return std::make_unique<SingleType>(registry, book, target_weight_type(registry, type, "--type"));
}

std::unique_ptr<TypeChoice> requested_types(Registry& registry, const std::string& name,
                                            bool pure) {
  return requested_types(registry, std::make_shared<const RecipeBook>(registry), name, pure);
}

}  // namespace wick
