// The choice without a choice: every matrix in one type. Numbers of file types are data:
// file_types.json.
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "quantize/type_choice.h"

namespace wick {

extern const std::string_view kEmbeddedFileTypes;

namespace {

namespace json = boost::json;

class SingleType final : public TypeChoice {
 public:
  explicit SingleType(WeightType target) : target_(std::move(target)) {}

  std::string name() const override { return target_.layout.name; }

  std::optional<std::uint32_t> file_type() const override {
    const json::value table = json::parse({kEmbeddedFileTypes.data(), kEmbeddedFileTypes.size()});
    const json::value* number = table.as_object().if_contains(target_.layout.name);
    if (!number) return std::nullopt;
    return static_cast<std::uint32_t>(number->as_int64());
  }

  std::vector<std::string> choose(std::vector<PlannedTensor>& plan,
                                  const ChoiceInput& input) override {
    std::size_t n_fallen = 0;
    std::string first;
    for (PlannedTensor& tensor : plan) {
      if (input.products.count(tensor.name) == 0) continue;
      const bool fits = target_.divides(tensor.n_cols);
      tensor.type = fits ? target_ : plain_weight_type(PlainType::kF16);
      if (!fits && n_fallen++ == 0)
        first = tensor.name + " with rows of " + std::to_string(tensor.n_cols);
    }
    if (n_fallen == 0) return {};
    return {std::to_string(n_fallen) + " tensors are F16, because their rows are no multiples of " +
            std::to_string(target_.layout.block_values) + " values; the first is " + first};
  }

 private:
  const WeightType target_;
};

}  // namespace

std::unique_ptr<TypeChoice> single_type(Registry& registry, const std::string& name) {
  return std::make_unique<SingleType>(target_weight_type(registry, name));
}

}  // namespace wick
