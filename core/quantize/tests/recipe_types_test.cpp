// Rules on models that do not exist, in the plain types, which need no plugin.
#include "quantize/recipe_types.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/tests/temp_folder.h"
#include "files/metadata_list.h"
#include "graph/metadata_table.h"
#include "plugins/runtime.h"
#include "quantize/requested_types.h"

namespace wick {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Keys final : MetadataSource {
  MetadataList list;
  const GgufValue* find(std::string_view key) const override { return list.find(key); }
  std::optional<std::vector<std::uint64_t>> tensor(std::string_view) const override { return {}; }
};

RuntimeOptions without_plugins() {
  RuntimeOptions options;
  options.n_threads = 1;
  options.directories.emplace();
  return options;
}

class Recipes : public ::testing::Test {
 protected:
  void read(const std::string& recipes, const std::string& fallbacks = "{}") {
    book_->add(parse_recipes(
        R"({"wick_recipes": 1, "fallbacks": )" + fallbacks + R"(, "recipes": [)" + recipes + "]}",
        "FILE"));
  }
  void read_rules(const std::string& rules) {
    read(R"({"name": "MIX", "type": "F32", "rules": [)" + rules + "]}");
  }

  /// The types of the tensors of these names, all of which are products but those with "norm".
  std::vector<std::string> types(const std::vector<std::string>& names,
                                 const std::string& wanted = "MIX", bool pure = false) {
    std::vector<PlannedTensor> plan;
    std::set<std::string> products;
    for (const std::string& name : names) {
      plan.emplace_back().name = name;
      plan.back().type = plain_weight_type(PlainType::kF64);  // of none that is chosen
      plan.back().n_cols = 100;
      if (name.find("norm") == std::string::npos) products.insert(name);
    }
    const auto choice = requested_types(runtime_.registry(), book_, wanted, pure);
    notes_ = choice->choose(plan, {products, keys_, "test", has_importance_});
    file_type_ = choice->file_type();
    std::vector<std::string> found;
    for (const PlannedTensor& tensor : plan) found.push_back(tensor.type.layout.name);
    return found;
  }

  Runtime runtime_{without_plugins()};
  std::shared_ptr<RecipeBook> book_ = std::make_shared<RecipeBook>();
  Keys keys_;
  bool has_importance_ = false;
  std::vector<std::string> notes_;
  std::optional<std::uint32_t> file_type_;
};

TEST_F(Recipes, GiveTheTypeOfTheFirstRuleThatFits) {
  read_rules(R"({"tensors": "attn_v", "type": "F16"}, {"tensors": "attn", "type": "BF16"})");
  EXPECT_THAT(types({"blk.0.attn_v.weight", "blk.0.attn_q.weight", "blk.0.up.weight"}),
              ElementsAre("F16", "BF16", "F32"));
}

TEST_F(Recipes, LeaveAloneWhatIsNoMatrixOfAProduct) {
  read_rules(R"({"tensors": "attn", "type": "BF16"})");
  EXPECT_THAT(types({"blk.0.attn_norm.weight", "norm.weight"}), ElementsAre("F64", "F64"));
}

TEST_F(Recipes, CountMatchesInTheOrderOfLayersWhateverTheOrderOfTheFile) {
  read_rules(R"({"tensors": "attn_v", "type": "F16", "pick": {"first": 2}})");
  EXPECT_THAT(types({"blk.10.attn_v.weight", "blk.9.attn_v.weight", "blk.3.attn_v.weight"}),
              ElementsAre("F32", "F16", "F16"));
}

TEST_F(Recipes, CountLayersByTheNumberInTheName) {
  keys_.list.add_u32("test.block_count", 16);
  read_rules(
      R"({"tensors": "down", "type": "F16", "pick": {"of": "layers", "first": "1/8", "from": "7/8"}})");
  EXPECT_THAT(
      types({"blk.1.down.weight", "blk.2.down.weight", "blk.14.down.weight", "down.weight"}),
      ElementsAre("F16", "F32", "F16", "F32"));
}

TEST_F(Recipes, GiveAnEmbeddingThatStandsForTheOutputTheTypeOfTheOutput) {
  read(R"({"name": "MIX", "type": "F32", "output": "F16", "embedding": "BF16"})");
  EXPECT_THAT(types({"token_embd.weight", "output.weight"}), ElementsAre("BF16", "F16"));
  EXPECT_THAT(types({"token_embd.weight"}), ElementsAre("F16"));
}

TEST_F(Recipes, AskForFactsOfTheModel) {
  read_rules(R"({"tensors": "a", "type": "F16", "when": {"heads_per_kv_head": {"min": 4}}},
                {"tensors": "b", "type": "F16", "when": {"experts": 8}},
                {"tensors": "c", "type": "F16", "when": {"importance": 1}})");
  EXPECT_THAT(types({"a", "b", "c"}), ElementsAre("F32", "F32", "F32"));
  keys_.list.add_u32("test.attention.head_count", 8);
  EXPECT_THAT(types({"a"}), ElementsAre("F32"));  // each head has keys of its own
  keys_.list.add_u32("test.attention.head_count_kv", 2);
  keys_.list.add_u32("test.expert_count", 8);
  has_importance_ = true;
  EXPECT_THAT(types({"a", "b", "c"}), ElementsAre("F16", "F16", "F16"));
}

TEST_F(Recipes, TakeTheFirstOfAListOfHeadCountsAndNothingOfOddKeys) {
  const std::int32_t heads[] = {0, 2};
  keys_.list.add_u32("test.attention.head_count", 8);
  keys_.list.add_i32s("test.attention.head_count_kv", heads);
  keys_.list.add_string("test.expert_count", "eight");
  keys_.list.add_i64("test.block_count", -5);
  const RecipeFacts facts = recipe_facts({{}, keys_, "test"});
  EXPECT_EQ(facts.at(RecipeFact::kHeadsPerKvHead), 0u);
  EXPECT_EQ(facts.at(RecipeFact::kExperts), 0u);
  EXPECT_EQ(facts.at(RecipeFact::kLayers), 0u);
}

TEST_F(Recipes, AreFoundInAnyCaseAndByAliasesAndTheFirstFileWins) {
  read(R"({"name": "Mix_M", "aliases": ["MIX"], "type": "F16", "file_type": 15})");
  read(R"({"name": "MIX", "type": "F32"})");
  EXPECT_THAT(types({"a"}, "mix_m"), ElementsAre("F16"));
  EXPECT_EQ(file_type_, 15u);
  EXPECT_THAT(types({"a"}, "Mix"), ElementsAre("F16"));
}

TEST_F(Recipes, AreLeftOutByPure) {
  read(R"({"name": "MIX", "type": "F16", "output": "F32"}, {"name": "BF16", "type": "F32"})");
  EXPECT_THAT(types({"output.weight", "a"}, "MIX", true), ElementsAre("F16", "F16"));
  EXPECT_THAT(types({"a"}, "bf16", true), ElementsAre("BF16"));
  EXPECT_EQ(file_type_, 32u);
}

TEST_F(Recipes, WithTypesThatAreNotThereAreRefused) {
  read(R"({"name": "MIX", "type": "F16", "rules": [{"tensors": "never", "type": "NEW"}]})");
  std::optional<Error> error = error_of([&] { types({"a"}); });
  EXPECT_EQ(error->code(), ErrorCode::kUnavailable);
  EXPECT_THAT(error->what(), HasSubstr("FILE: recipe 'MIX': the type 'NEW'"));
  error = error_of([&] { types({"a"}, "OTHER"); });
  EXPECT_EQ(error->code(), ErrorCode::kUnavailable);
  EXPECT_THAT(error->what(), HasSubstr("--type 'OTHER': no installed plugin"));
  EXPECT_THAT(error->what(), HasSubstr("one of MIX, or a format, one of F32, F16, BF16"));
}

WeightType blocks_of(std::uint64_t n_values, const std::string& name) {
  WeightType type;
  type.id = static_cast<std::uint32_t>(1000 + n_values);
  type.layout = {name, n_values, 10};
  return type;
}

PlannedTensor with_rows_of(std::uint64_t n_cols) {
  PlannedTensor tensor;
  tensor.name = "a";
  tensor.n_cols = n_cols;
  return tensor;
}

TEST_F(Recipes, LetAnotherTypeStepInWhereRowsAreNoWholeBlocks) {
  read("", R"({"WIDE": "BF16", "ODD": "UNKNOWN"})");
  FittingTypes fitting(runtime_.registry(), book_);
  PlannedTensor whole = with_rows_of(512), half = with_rows_of(100);
  fitting.give(whole, blocks_of(256, "WIDE"));
  EXPECT_EQ(whole.type.layout.name, "WIDE");
  EXPECT_THAT(fitting.notes(), IsEmpty());
  fitting.give(half, blocks_of(256, "WIDE"));
  EXPECT_EQ(half.type.layout.name, "BF16");
  fitting.give(half, blocks_of(64, "NARROW"));  // has none
  EXPECT_EQ(half.type.layout.name, "F16");
  EXPECT_THAT(
      fitting.notes(),
      ElementsAre(HasSubstr("1 tensors are F16 instead of NARROW, because their rows are no "
                            "multiples of 64 values; the first is a with rows of 100"),
                  HasSubstr("1 tensors are BF16 instead of WIDE")));
  EXPECT_THAT(error_of([&] { fitting.give(half, blocks_of(64, "ODD")); })->what(),
              HasSubstr("the fallback of ODD 'UNKNOWN'"));
}

TEST(LayerOf, IsTheFirstNumberBetweenDots) {
  EXPECT_EQ(layer_of("blk.3.attn_v.weight"), 3u);
  EXPECT_EQ(layer_of("v.blk.12.ffn.7.weight"), 12u);
  EXPECT_EQ(layer_of("7"), 7u);
  for (const char* name :
       {"", ".", "output.weight", "blk.3x.w", "blk.-3.w", "4a.b", "blk.99999999999999999999.w"})
    EXPECT_EQ(layer_of(name), std::nullopt) << name;
}

}  // namespace
}  // namespace wick
