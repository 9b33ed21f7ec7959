// The choice without a choice: every matrix in one type.
#pragma once

#include <memory>

#include "quantize/fitting_types.h"
#include "quantize/type_choice.h"

namespace wick {

class SingleType final : public TypeChoice {
 public:
  /// The registry must outlive it.
  SingleType(Registry& registry, const std::shared_ptr<const RecipeBook>& book, WeightType target)
      : book_(book), target_(std::move(target)), fitting_(registry, book) {}

  std::string name() const override { return target_.layout.name; }
  /// That of the recipe with this name, if any: it says what most tensors are.
  std::optional<std::uint32_t> file_type() const override;
  std::vector<std::string> choose(std::vector<PlannedTensor>& plan,
                                  const ChoiceInput& input) override;

 private:
  const std::shared_ptr<const RecipeBook> book_;
  const WeightType target_;
  FittingTypes fitting_;
};

}  // namespace wick
