// See single_type.h.
#include "quantize/single_type.h"

namespace wick {
namespace {

struct PlainFileType {
  PlainType type;
  std::uint32_t number;
};

// Of general.file_type. Those of other types are data of the plugins that have them.
constexpr PlainFileType kPlainFileTypes[] = {
    {PlainType::kF32, 0}, {PlainType::kF16, 1}, {PlainType::kBF16, 32}};

}  // namespace

std::optional<std::uint32_t> SingleType::file_type() const {
  for (const PlainFileType& plain : kPlainFileTypes)
    if (!target_.table && target_.id == static_cast<std::uint32_t>(plain.type)) return plain.number;
  const Recipe* recipe = book_->find(target_.layout.name);
  return recipe ? recipe->file_type : std::nullopt;
}

std::vector<std::string> SingleType::choose(std::vector<PlannedTensor>& plan,
                                            const ChoiceInput& input) {
  for (PlannedTensor& tensor : plan)
    if (input.is_open(tensor.name)) fitting_.give(tensor, target_);
  return fitting_.notes();
}

}  // namespace wick
