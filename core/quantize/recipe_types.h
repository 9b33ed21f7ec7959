// A recipe as a choice of types: its rules, applied to a model.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "quantize/fitting_types.h"
#include "quantize/recipe_book.h"
#include "quantize/type_choice.h"

namespace wick {

/// What rules may ask for, of the keys of a file and what the caller knows. Keys that are absent or
/// no numbers count as 0.
RecipeFacts recipe_facts(const ChoiceInput& input);

/// The first part of a tensor's name that is a number: 3 of "blk.3.attn_v.weight"; nothing where
/// there is none.
std::optional<std::uint64_t> layer_of(std::string_view tensor_name);

class RecipeTypes final : public TypeChoice {
 public:
  /// `recipe` is of `book`. The registry must outlive it. Errors: kUnavailable for a type of the
  /// recipe that no plugin can write, whether a rule comes to it or not.
  RecipeTypes(Registry& registry, const std::shared_ptr<const RecipeBook>& book,
              const Recipe& recipe);

  std::string name() const override { return recipe_.name; }
  std::optional<std::uint32_t> file_type() const override { return recipe_.file_type; }
  std::vector<std::string> choose(std::vector<PlannedTensor>& plan,
                                  const ChoiceInput& input) override;

 private:
  void need(Registry& registry, const std::string& type);
  /// Of the rule, those of the tensors that it holds for, all in the order of their layers.
  std::vector<PlannedTensor*> picked(const RecipeRule& rule,
                                     const std::vector<PlannedTensor*>& tensors,
                                     std::uint64_t n_layers) const;

  const Recipe& recipe_;
  FittingTypes fitting_;
  std::map<std::string, WeightType> types_;  ///< all that the recipe names
};

}  // namespace wick
