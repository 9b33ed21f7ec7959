// See user_types.h.
#include "quantize/user_types.h"

#include <wick/error.h>

#include "files/quoted.h"
#include "text/regex.h"

namespace wick {
namespace {

constexpr const char* kTensorOption = "--tensor-type";
constexpr const char* kOutputOption = "--output-type";
constexpr const char* kEmbeddingOption = "--embedding-type";
constexpr std::uint32_t kMaxSteps = 100'000;  // names are short

struct PatternType {
  std::string text;
  Regex pattern;
  WeightType type;
  bool is_used = false;
};

class UserTypeChoice final : public TypeChoice {
 public:
  UserTypeChoice(Registry& registry, const UserTypes& types, std::unique_ptr<TypeChoice> rest)
      : rest_(std::move(rest)),
        fitting_(registry, std::make_shared<const RecipeBook>(registry)),
        output_(type_of(registry, types.output, kOutputOption)),
        embedding_(type_of(registry, types.embedding, kEmbeddingOption)) {
    for (const auto& [text, type] : types.tensors)
      patterns_.push_back({text, Regex(text, {kTensorOption, ErrorCode::kUsage, kMaxSteps}),
                           target_weight_type(registry, type, kTensorOption)});
  }

  std::string name() const override { return rest_->name(); }
  std::optional<std::uint32_t> file_type() const override { return rest_->file_type(); }

  std::vector<std::string> choose(std::vector<PlannedTensor>& plan,
                                  const ChoiceInput& input) override {
    const bool is_tied = input.products.count(std::string(kOutputName)) == 0;
    check_tied(is_tied);
    ChoiceInput rest = input;
    for (PlannedTensor& tensor : plan) {
      if (!input.is_open(tensor.name)) continue;
      const WeightType* type = type_for(tensor.name, is_tied);
      if (!type) continue;
      fitting_.give(tensor, *type);
      rest.settled.insert(tensor.name);
    }
    for (const PatternType& pattern : patterns_)
      if (!pattern.is_used)
        fail(ErrorCode::kUsage, kTensorOption, ": no matrix has a name in which ",
             wick::quoted(pattern.text), " is found; --dry-run lists the names");
    std::vector<std::string> notes = fitting_.notes();
    for (std::string& note : rest_->choose(plan, rest)) notes.push_back(std::move(note));
    return notes;
  }

 private:
  static std::optional<WeightType> type_of(Registry& registry, const std::string& name,
                                           const char* option) {
    if (name.empty()) return std::nullopt;
    return target_weight_type(registry, name, option);
  }

  void check_tied(bool is_tied) const {
    if (is_tied && output_ && embedding_ && output_->layout.name != embedding_->layout.name)
      fail(ErrorCode::kUsage, kOutputOption, " ", output_->layout.name, " and ", kEmbeddingOption,
           " ", embedding_->layout.name,
           ": one matrix is embedding and output of this model, need one type for it");
  }

  /// All patterns are looked at: one that another stands before has its tensors, too.
  const WeightType* type_for(const std::string& name, bool is_tied) {
    const WeightType* found = nullptr;
    const bool is_embedding = name == kEmbeddingName;
    if (is_embedding && embedding_) found = &*embedding_;
    if (!found && output_ && (name == kOutputName || (is_tied && is_embedding))) found = &*output_;
    for (PatternType& pattern : patterns_) {
      if (!pattern.pattern.is_in(name)) continue;
      pattern.is_used = true;
      if (!found) found = &pattern.type;
    }
    return found;
  }

  const std::unique_ptr<TypeChoice> rest_;
  FittingTypes fitting_;
  const std::optional<WeightType> output_, embedding_;
  std::vector<PatternType> patterns_;
};

}  // namespace

std::unique_ptr<TypeChoice> with_user_types(Registry& registry, const UserTypes& types,
                                            std::unique_ptr<TypeChoice> rest) {
  if (types.empty()) return rest;
  return std::make_unique<UserTypeChoice>(registry, types, std::move(rest));
}

}  // namespace wick
