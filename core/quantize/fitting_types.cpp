// See fitting_types.h.
#include "quantize/fitting_types.h"

#include <set>

namespace wick {

WeightType FittingTypes::fit(const WeightType& wanted, std::uint64_t n_cols) const {
  if (wanted.divides(n_cols)) return wanted;
  // Fallbacks of two plugins may go round in a circle.
  std::set<std::string> seen;
  for (std::string name = book_->fallback(wanted.layout.name);
       !name.empty() && seen.insert(name).second; name = book_->fallback(name)) {
    const WeightType type =
        target_weight_type(registry_, name, "the fallback of " + wanted.layout.name);
    if (type.divides(n_cols)) return type;
  }
  return plain_weight_type(PlainType::kF16);
}

void FittingTypes::give(PlannedTensor& tensor, const WeightType& wanted) {
  tensor.type = fit(wanted, tensor.n_cols);
  if (tensor.type.layout.name == wanted.layout.name) return;
  Fallen& fallen = fallen_[{wanted.layout.name, tensor.type.layout.name}];
  if (fallen.n_tensors++ > 0) return;
  fallen.block_values = wanted.layout.block_values;
  fallen.first = tensor.name + " with rows of " + std::to_string(tensor.n_cols);
}

std::vector<std::string> FittingTypes::notes() const {
  std::vector<std::string> notes;
  for (const auto& [types, fallen] : fallen_)
    notes.push_back(std::to_string(fallen.n_tensors) + " tensors are " + types.second +
                    " instead of " + types.first + ", because their rows are no multiples of " +
                    std::to_string(fallen.block_values) + " values; the first is " + fallen.first);
  return notes;
}

}  // namespace wick
