// See stored_types.h.
#include "quantize/stored_types.h"

#include "files/tensor_types.h"

namespace wick {

std::vector<std::string> StoredTypes::choose(std::vector<PlannedTensor>& plan,
                                             const ChoiceInput& input) {
  constexpr auto kF64 = static_cast<std::uint32_t>(PlainType::kF64);
  for (PlannedTensor& tensor : plan)
    if (input.products.count(tensor.name) != 0)
      tensor.type = tensor.stored.id == kF64 ? plain_weight_type(PlainType::kF32) : tensor.stored;
  return {};
}

}  // namespace wick
