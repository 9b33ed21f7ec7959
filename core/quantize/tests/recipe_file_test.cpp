// What a file of recipes may hold, and the sentence for one that is wrong.
#include "quantize/recipe_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/tests/temp_folder.h"

namespace wick {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string file_of(const std::string& recipe) {
  return R"({"wick_recipes": 1, "recipes": [)" + recipe + "]}";
}

std::string file_with_rule(const std::string& rule) {
  return file_of(R"({"name": "MIX", "type": "F16", "rules": [)" + rule + "]}");
}

std::vector<std::uint64_t> picked(const LayerPick& pick, std::uint64_t n) {
  std::vector<std::uint64_t> some;
  for (std::uint64_t i = 0; i < n; ++i)
    if (pick.holds(i, n)) some.push_back(i);
  return some;
}

LayerPick pick_of(const std::string& text) {
  const std::string rule = R"({"tensors": "x", "type": "F16", "pick": )" + text + "}";
  return parse_recipes(file_with_rule(rule), "test").recipes[0].rules[0].pick.value();
}

TEST(RecipeFile, IsReadWhole) {
  const RecipeFile file = parse_recipes(
      R"({"wick_recipes": 1, "fallbacks": {"A": "B", "B": "C"},
          "rules": [{"tensors": "^out", "type": "F32"}],
          "recipes": [{"name": "MIX", "aliases": ["M"], "file_type": 15, "type": "F16", "output": "F32",
                       "embedding": "BF16", "rules": [
                         {"tensors": "v$", "type": "BF16", "when": {"experts": 8, "layers": {"min": 2, "max": 3}}}]}]})",
      "test");
  EXPECT_EQ(file.fallbacks.at("A"), "B");
  const Recipe& recipe = file.recipes.at(0);
  EXPECT_EQ(recipe.name, "MIX");
  EXPECT_THAT(recipe.aliases, ElementsAre("M"));
  EXPECT_EQ(recipe.file_type, 15u);
  EXPECT_EQ(recipe.type + recipe.output + recipe.embedding, "F16F32BF16");
  ASSERT_EQ(recipe.rules.size(), 2u);  // the rule of all recipes first
  EXPECT_TRUE(recipe.rules[0].tensors.is_in("output.weight"));
  EXPECT_FALSE(recipe.rules[0].tensors.is_in("attn_output.weight"));
  const RecipeRule& rule = recipe.rules[1];
  EXPECT_FALSE(rule.pick);
  EXPECT_TRUE(rule.holds_for({{RecipeFact::kExperts, 8}, {RecipeFact::kLayers, 3}}));
  EXPECT_FALSE(rule.holds_for({{RecipeFact::kExperts, 8}, {RecipeFact::kLayers, 4}}));
  EXPECT_FALSE(rule.holds_for({{RecipeFact::kExperts, 7}, {RecipeFact::kLayers, 3}}));
  EXPECT_FALSE(rule.holds_for({}));
}

TEST(RecipeFile, PicksLayersByCountAndByShare) {
  EXPECT_THAT(picked(pick_of(R"({"first": 2})"), 5), ElementsAre(0, 1));
  EXPECT_THAT(picked(pick_of(R"({"first": "1/8"})"), 17), ElementsAre(0, 1));
  EXPECT_THAT(picked(pick_of(R"({"from": "7/8"})"), 9), ElementsAre(7, 8));
  EXPECT_THAT(picked(pick_of("{}"), 9), ElementsAre());
}

TEST(RecipeFile, PicksEachThirdBetweenTheFirstAndTheLastEighth) {
  const LayerPick pick = pick_of(R"({"first": "1/8", "from": "7/8", "every": 3})");
  EXPECT_THAT(picked(pick, 6), ElementsAre(2, 5));
  EXPECT_THAT(picked(pick, 8), ElementsAre(0, 3, 6, 7));
  EXPECT_THAT(picked(pick, 16), ElementsAre(0, 1, 4, 7, 10, 13, 14, 15));
}

TEST(RecipeFile, OfAnyKindIsRefusedInASentenceWhereItIsWrong) {
  const std::pair<std::string, const char*> bad[] = {
      {"{", "JSON cannot be read"},
      {"[]", "no object"},
      {std::string(100'000, '['), "JSON cannot be read"},
      {R"({"wick_recipes": 1, "wick_recipes": 1})", "twice"},
      {R"({"recipes": []})", "'wick_recipes' is not 1"},
      {R"({"wick_recipes": 2})", "'wick_recipes' is not 1"},
      {R"({"wick_recipes": 1, "color": 1})", "key 'color'"},
      {R"({"wick_recipes": 1, "recipes": {}})", "'recipes' is no list"},
      {R"({"wick_recipes": 1, "fallbacks": []})", "fallbacks: is no object"},
      {R"({"wick_recipes": 1, "fallbacks": {"A": 1}})", "'A' is no text"},
      {R"({"wick_recipes": 1, "fallbacks": {"A": "A"}})", "circle"},
      {R"({"wick_recipes": 1, "fallbacks": {"A": "B", "B": "C", "C": "A"}})", "circle"},
      {file_of("1"), "recipes[0]: is no object"},
      {file_of(R"({"type": "F16"})"), "'name' is missing"},
      {file_of(R"({"name": "A"})"), "'type' is missing"},
      {file_of(R"({"name": "", "type": "F16"})"), "'name' is no text"},
      {file_of(R"({"name": "A", "type": "F16", "file_type": -1})"), "'file_type' is no whole"},
      {file_of(R"({"name": "A", "type": "F16", "file_type": 1.5})"), "'file_type' is no whole"},
      {file_of(R"({"name": "A", "type": "F16"}, {"name": "B", "aliases": ["A"], "type": "F16"})"),
       "two recipes have the name 'A'"},
      {file_with_rule(R"({"type": "F16"})"), "rules[0]: 'tensors' is missing"},
      {file_with_rule(R"({"tensors": "x"})"), "'type' is missing"},
      {file_with_rule(R"({"tensors": "(", "type": "F16"})"), "pattern '('"},
      {file_with_rule(R"({"tensors": "x", "type": "F16", "wehn": {}})"), "key 'wehn'"},
      {file_with_rule(R"({"tensors": "x", "type": "F16", "when": {"moons": 1}})"), "key 'moons'"},
      {file_with_rule(R"({"tensors": "x", "type": "F16", "when": {"layers": {"least": 1}}})"),
       "when: layers: the key 'least'"},
      {file_with_rule(R"({"tensors": "x", "type": "F16", "when": {"layers": -1}})"), "'layers'"},
      {file_with_rule(R"({"tensors": "x", "type": "F16", "pick": {"of": "heads"}})"), "'heads'"},
      {file_with_rule(R"({"tensors": "x", "type": "F16", "pick": {"every": 0}})"), "'every'"},
      {file_with_rule(R"({"tensors": "x", "type": "F16", "pick": {"first": "1/0"}})"), "'1/0'"},
      {file_with_rule(R"({"tensors": "x", "type": "F16", "pick": {"first": "9/8"}})"), "'9/8'"},
      {file_with_rule(R"({"tensors": "x", "type": "F16", "pick": {"first": "half"}})"), "'half'"},
      {file_with_rule(R"({"tensors": "x", "type": "F16", "pick": {"first": "-1/8"}})"), "'-1/8'"}};
  for (const auto& [text, says] : bad) {
    const std::optional<Error> error = error_of([&, &text = text] { parse_recipes(text, "FILE"); });
    ASSERT_TRUE(error) << text.substr(0, 200);
    EXPECT_EQ(error->code(), ErrorCode::kBadFile) << text.substr(0, 200);
    EXPECT_THAT(error->what(), ::testing::AllOf(::testing::StartsWith("FILE"), HasSubstr(says)));
  }
}

TEST(RecipeFile, WithAPatternThatTriesForEverIsRefusedWhenItIsUsed) {
  const RecipeFile file =
      parse_recipes(file_with_rule(R"({"tensors": "^(a+)+$", "type": "F16"})"), "FILE");
  const std::string name = std::string(200, 'a') + "b";
  const std::optional<Error> error =
      error_of([&] { file.recipes[0].rules[0].tensors.is_in(name); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::kBadFile);
  EXPECT_THAT(error->what(), HasSubstr("FILE: recipes[0]: rules[0]: a pattern failed"));
}

TEST(RecipeFile, ThatIsNotThereOrTooLargeIsRefused) {
  const TempFolder folder;
  EXPECT_EQ(error_of([&] { read_recipes(folder.file("none.json")); })->code(),
            ErrorCode::kMissingFile);
  const std::string large = folder.write("large.json", std::string(kMaxRecipeFileBytes + 1, ' '));
  EXPECT_EQ(error_of([&] { read_recipes(large); })->code(), ErrorCode::kBadFile);
}

}  // namespace
}  // namespace wick
