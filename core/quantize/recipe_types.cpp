// See recipe_types.h.
#include "quantize/recipe_types.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "files/quoted.h"
#include "graph/metadata_table.h"

namespace wick {
namespace {

/// The number, or the first of a list: per-layer counts say by it what they say at all.
std::uint64_t number_of(const ChoiceInput& input, const std::string& key) {
  const GgufValue* value = input.metadata.find(input.architecture + "." + key);
  if (!value) return 0;
  if (is_gguf_integer(value->type))
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, value->as_i64()));
  if (value->type != GgufType::kArray || !is_gguf_integer(value->element) || value->count == 0)
    return 0;
  return static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, value->as_numbers<std::int64_t>()[0]));
}

std::uint64_t sort_key(const PlannedTensor& tensor) {
  return layer_of(tensor.name).value_or(std::numeric_limits<std::uint64_t>::max());
}

}  // namespace

RecipeFacts recipe_facts(const ChoiceInput& input) {
  const std::uint64_t n_heads = number_of(input, "attention.head_count");
  const bool has_kv =
      input.metadata.find(input.architecture + ".attention.head_count_kv") != nullptr;
  const std::uint64_t n_kv_heads = has_kv ? number_of(input, "attention.head_count_kv") : n_heads;
  return {{RecipeFact::kLayers, number_of(input, "block_count")},
          {RecipeFact::kExperts, number_of(input, "expert_count")},
          {RecipeFact::kHeadsPerKvHead, n_kv_heads == 0 ? 0 : n_heads / n_kv_heads},
          {RecipeFact::kImportance, input.has_importance ? 1 : 0}};
}

std::optional<std::uint64_t> layer_of(std::string_view tensor_name) {
  for (std::size_t begin = 0; begin <= tensor_name.size();) {
    const std::size_t end = std::min(tensor_name.find('.', begin), tensor_name.size());
    std::uint64_t layer = 0;
    const char* const last = tensor_name.data() + end;
    const auto read = std::from_chars(tensor_name.data() + begin, last, layer);
    if (read.ec == std::errc() && read.ptr == last) return layer;
    begin = end + 1;
  }
  return std::nullopt;
}

RecipeTypes::RecipeTypes(Registry& registry, const std::shared_ptr<const RecipeBook>& book,
                         const Recipe& recipe)
    : recipe_(recipe), fitting_(registry, book) {
  need(registry, recipe.type);
  need(registry, recipe.output);
  need(registry, recipe.embedding);
  for (const RecipeRule& rule : recipe.rules) need(registry, rule.type);
}

void RecipeTypes::need(Registry& registry, const std::string& type) {
  if (type.empty() || types_.count(type) != 0) return;
  types_[type] = target_weight_type(
      registry, type, recipe_.file + ": recipe " + wick::quoted(recipe_.name) + ": the type");
}

std::vector<PlannedTensor*> RecipeTypes::picked(const RecipeRule& rule,
                                                const std::vector<PlannedTensor*>& tensors,
                                                std::uint64_t n_layers) const {
  std::vector<PlannedTensor*> found;
  std::copy_if(tensors.begin(), tensors.end(), std::back_inserter(found),
               [&](const PlannedTensor* tensor) { return rule.tensors.is_in(tensor->name); });
  if (!rule.pick) return found;
  std::vector<PlannedTensor*> some;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto layer = layer_of(found[i]->name);
    const bool holds = rule.pick->of_layers ? layer && rule.pick->holds(*layer, n_layers)
                                            : rule.pick->holds(i, found.size());
    if (holds) some.push_back(found[i]);
  }
  return some;
}

std::vector<std::string> RecipeTypes::choose(std::vector<PlannedTensor>& plan,
                                             const ChoiceInput& input) {
  const RecipeFacts facts = recipe_facts(input);
  std::vector<PlannedTensor*> tensors;
  for (PlannedTensor& tensor : plan)
    if (input.products.count(tensor.name) != 0) tensors.push_back(&tensor);
  // A file may have them in any order.
  std::stable_sort(tensors.begin(), tensors.end(),
                   [](const auto* a, const auto* b) { return sort_key(*a) < sort_key(*b); });
  std::map<const PlannedTensor*, std::string> chosen;  // the first that is set stays
  const bool is_tied = input.products.count(std::string(kOutputName)) == 0;
  for (const PlannedTensor* tensor : tensors) {
    const bool is_embedding = tensor->name == kEmbeddingName;
    const bool is_output = tensor->name == kOutputName || (is_tied && is_embedding);
    const std::string& type = is_output ? recipe_.output : is_embedding ? recipe_.embedding : "";
    if (!type.empty()) chosen.emplace(tensor, type);
  }
  for (const RecipeRule& rule : recipe_.rules)
    if (rule.holds_for(facts))
      for (const PlannedTensor* tensor : picked(rule, tensors, facts.at(RecipeFact::kLayers)))
        chosen.emplace(tensor, rule.type);
  for (PlannedTensor* tensor : tensors) {
    if (!input.is_open(tensor->name)) continue;
    const auto type = chosen.find(tensor);
    fitting_.give(*tensor, types_.at(type == chosen.end() ? recipe_.type : type->second));
  }
  return fitting_.notes();
}

}  // namespace wick
