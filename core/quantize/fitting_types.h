// Gives tensors the types that were chosen, or what steps in where rows are no whole blocks of
// them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "quantize/recipe_book.h"
#include "quantize/tensor_plan.h"

namespace wick {

/// The registry must outlive it.
class FittingTypes {
 public:
  FittingTypes(Registry& registry, std::shared_ptr<const RecipeBook> book)
      : registry_(registry), book_(std::move(book)) {}

  /// `wanted`, or else the first that divides rows among its fallbacks, or else F16. Errors:
  /// kUnavailable for a fallback that no plugin can write.
  void give(PlannedTensor& tensor, const WeightType& wanted);

  /// A sentence for each pair of types of which one stepped in for the other.
  std::vector<std::string> notes() const;

 private:
  struct Fallen {
    std::uint64_t n_tensors = 0;
    std::uint64_t block_values = 0;  ///< of the type that was wanted
    std::string first;
  };

  WeightType fit(const WeightType& wanted, std::uint64_t n_cols) const;

  Registry& registry_;
  const std::shared_ptr<const RecipeBook> book_;
  std::map<std::pair<std::string, std::string>, Fallen> fallen_;  ///< wanted, given
};

}  // namespace wick
