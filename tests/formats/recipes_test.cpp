// The recipes of the quant plugin on models that no fixture is: with eight experts, and of 80
// layers. Small models go through the program, in tests/end_to_end/quantize_recipes_test.py.
#include <gtest/gtest.h>

#include "files/metadata_list.h"
#include "graph/metadata_table.h"
#include "plugins/runtime.h"
#include "quantize/recipe_types.h"
#include "quantize/requested_types.h"

namespace wick {
namespace {

struct Keys final : MetadataSource {
  MetadataList list;
  const GgufValue* find(std::string_view key) const override { return list.find(key); }
  std::optional<std::vector<std::uint64_t>> tensor(std::string_view) const override { return {}; }
};

struct Model {
  std::uint32_t n_layers, n_heads, n_kv_heads, n_experts;
};

/// {attn_k, attn_output, attn_q, attn_v, ffn_down} of a layer.
std::string types_in(const Model& model, const std::string& recipe, std::uint32_t layer) {
  const char* const names[] = {"attn_k", "attn_output", "attn_q", "attn_v", "ffn_down"};
  RuntimeOptions options;
  options.n_threads = 1;
  options.directories = {{{WICK_TEST_PLUGIN_DIR, true}}};
  Runtime runtime(options);
  Keys keys;
  keys.list.add_u32("test.block_count", model.n_layers);
  keys.list.add_u32("test.attention.head_count", model.n_heads);
  keys.list.add_u32("test.attention.head_count_kv", model.n_kv_heads);
  keys.list.add_u32("test.expert_count", model.n_experts);
  std::vector<PlannedTensor> plan;
  std::set<std::string> products;
  for (std::uint32_t i = 0; i < model.n_layers; ++i)
    for (const char* name : names) {
      plan.emplace_back().name = "blk." + std::to_string(i) + "." + name + ".weight";
      plan.back().n_cols = 256;
      products.insert(plan.back().name);
    }
  requested_types(runtime.registry(), recipe)->choose(plan, {products, keys, "test"});
  std::string types;
  for (std::size_t i = 0; i < std::size(names); ++i)
    types += (i > 0 ? " " : "") + plan[layer * std::size(names) + i].type.layout.name;
  return types;
}

TEST(Recipes, GiveModelsOfEightExpertsExactKeysAndValues) {
  const Model eight = {32, 32, 8, 8}, nine = {32, 32, 8, 9};
  EXPECT_EQ(types_in(eight, "Q4_K_M", 0), "Q8_0 Q5_K Q4_K Q8_0 Q6_K");
  EXPECT_EQ(types_in(nine, "Q4_K_M", 0), "Q4_K Q4_K Q4_K Q6_K Q6_K");
  EXPECT_EQ(types_in(eight, "Q2_K", 20), "Q8_0 Q5_K Q2_K Q8_0 Q3_K");
  EXPECT_EQ(types_in(eight, "Q3_K_L", 20), "Q8_0 Q3_K Q3_K Q8_0 Q5_K");
  EXPECT_EQ(types_in(eight, "Q6_K", 20), "Q8_0 Q6_K Q6_K Q8_0 Q6_K");
}

TEST(Recipes, GiveModelsOfEightyLayersFinerValuesWhereHeadsShareThem) {
  const Model shared = {80, 64, 8, 0}, single = {80, 64, 64, 0};
  EXPECT_EQ(types_in(shared, "Q4_K_M", 10), "Q4_K Q4_K Q4_K Q5_K Q4_K");
  EXPECT_EQ(types_in(single, "Q4_K_M", 10), "Q4_K Q4_K Q4_K Q4_K Q4_K");
  EXPECT_EQ(types_in(shared, "Q4_K_M", 12),
            "Q4_K Q4_K Q4_K Q6_K Q6_K");  // the third behind an eighth
  EXPECT_EQ(types_in(shared, "Q2_K", 40), "Q2_K Q3_K Q2_K Q5_K Q3_K");
  EXPECT_EQ(types_in(single, "Q2_K", 40), "Q2_K Q3_K Q2_K Q3_K Q3_K");
  EXPECT_EQ(types_in(shared, "Q3_K_S", 40), "Q3_K Q3_K Q3_K Q5_K Q3_K");
  EXPECT_EQ(types_in(shared, "Q3_K_M", 4), "Q3_K Q4_K Q3_K Q5_K Q5_K");  // of the first sixteenth
}

}  // namespace
}  // namespace wick
