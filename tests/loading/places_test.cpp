// Where matrices stand, as the graphs of real architectures tell; and what errors there harm.
#include <gtest/gtest.h>

#include <string>

#include "model/bound_model.h"
#include "quantize/harm.h"
#include "quantize/tensor_place.h"
#include "test_runtime.h"
#include "tiny_model.h"

namespace wick {
namespace {

ModelPlaces places_of(const std::string& path) {
  Runtime runtime(test_runtime_options(1));
  return find_places(BoundModel::open(runtime.registry(), path)->graph());
}

std::string fixture(const char* name) {
  return WICK_TEST_SOURCE_DIR "/tests/lfm2/fixtures/" + std::string(name) + ".gguf";
}

TEST(TensorPlaces, OfALlama) {
  const ModelPlaces places = places_of(TinyModel().write("places"));
  EXPECT_EQ(places.n_layers, 2u);
  const auto& at = places.tensors;
  EXPECT_TRUE(at.at("token_embd.weight").is_embedding);
  EXPECT_TRUE(at.at("token_embd.weight").is_output);  // there is no other
  EXPECT_FALSE(at.at("token_embd.weight").is_writer);
  for (const char* name : {"attn_q", "attn_k", "attn_v"}) {
    const TensorPlace& place = at.at("blk.1." + std::string(name) + ".weight");
    EXPECT_FALSE(place.is_writer) << name;
    EXPECT_EQ(place.writer, "blk.1.attn_output.weight") << name;
    EXPECT_EQ(place.layer, 1u) << name;
  }
  EXPECT_EQ(at.at("blk.0.ffn_up.weight").writer, "blk.0.ffn_down.weight");
  EXPECT_TRUE(at.at("blk.0.ffn_down.weight").is_writer);
  EXPECT_TRUE(at.at("blk.0.ffn_down.weight").is_last_writer);
  EXPECT_TRUE(at.at("blk.0.attn_output.weight").is_writer);
  EXPECT_FALSE(at.at("blk.0.attn_output.weight").is_last_writer);
}

TEST(TensorPlaces, OfConvolutionsAndExperts) {
  const ModelPlaces places = places_of(fixture("lfm2moe"));
  const auto& at = places.tensors;
  EXPECT_TRUE(at.at("token_embd.weight").is_embedding);
  EXPECT_TRUE(at.at("token_embd.weight").is_output);
  std::size_t n_experts = 0, n_convolutions = 0;
  for (const auto& [name, place] : at) {
    if (name.ends_with("ffn_down_exps.weight")) {
      EXPECT_TRUE(place.is_writer && place.is_last_writer) << name;
      ++n_experts;
    }
    if (name.ends_with("ffn_up_exps.weight")) {
      EXPECT_TRUE(place.writer.ends_with("ffn_down_exps.weight")) << name;
    }
    if (name.ends_with("shortconv.out_proj.weight")) {
      EXPECT_TRUE(place.is_writer && !place.is_last_writer) << name;
      ++n_convolutions;
    }
  }
  EXPECT_GT(n_experts, 0u);
  EXPECT_GT(n_convolutions, 0u);
}

TEST(Harms, AreLargestWhereLogitsAreMadeAndWhereMostIsAdded) {
  const ModelPlaces places = places_of(TinyModel().write("harms"));
  const auto usual = find_harms(places, {});
  EXPECT_EQ(usual.size(), places.tensors.size());
  EXPECT_GT(usual.at("token_embd.weight"), 4 * usual.at("blk.1.ffn_down.weight"));
  EXPECT_GT(usual.at("blk.1.ffn_down.weight"), usual.at("blk.1.attn_output.weight"));
  EXPECT_GT(usual.at("blk.1.ffn_down.weight"), usual.at("blk.1.ffn_up.weight"));
  EXPECT_GT(usual.at("blk.0.attn_q.weight"), usual.at("blk.1.attn_q.weight"));
}

TEST(Harms, FollowTheEnergiesOfWhatIsAdded) {
  const ModelPlaces places = places_of(TinyModel().write("energies"));
  std::map<std::string, double, std::less<>> energies{{"blk.0.attn_output.weight", 1},
                                                      {"blk.0.ffn_down.weight", 1},
                                                      {"blk.1.attn_output.weight", 98},
                                                      {"blk.1.ffn_down.weight", 0}};
  const auto harms = find_harms(places, energies);
  EXPECT_NEAR(harms.at("blk.1.attn_output.weight") - harms.at("blk.1.ffn_down.weight"), 0.98, 1e-9);
  EXPECT_GT(harms.at("blk.1.attn_q.weight"), harms.at("blk.1.ffn_up.weight"));
  energies.erase("blk.1.ffn_down.weight");  // one that is not known: all are taken as usual
  EXPECT_EQ(find_harms(places, energies), find_harms(places, {}));
}

}  // namespace
}  // namespace wick
