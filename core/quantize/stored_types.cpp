// The choice that keeps what is there: a checkpoint as a file that runs, to compare others with.
#include "files/plain_values.h"
#include "quantize/type_choice.h"

namespace wick {
namespace {

class StoredTypes final : public TypeChoice {
 public:
  std::string name() const override { return "as stored"; }
  std::optional<std::uint32_t> file_type() const override { return std::nullopt; }

  std::vector<std::string> choose(std::vector<PlannedTensor>& plan,
                                  const ChoiceInput& input) override {
    constexpr auto kF64 = static_cast<std::uint32_t>(PlainType::kF64);
    for (PlannedTensor& tensor : plan)
      if (input.products.count(tensor.name) != 0)
        tensor.type = tensor.stored.id == kF64 ? plain_weight_type(PlainType::kF32) : tensor.stored;
    return {};
  }
};

}  // namespace

std::unique_ptr<TypeChoice> stored_types() {
  return std::make_unique<StoredTypes>();
}

}  // namespace wick
