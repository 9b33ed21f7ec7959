// What the metadata of an LFM2 file becomes, dense and with experts. Whole models: tests/lfm2.
#include "config.h"

#include <gtest/gtest.h>

#include <map>

namespace wick::lfm2 {
namespace {

/// Metadata of numbers, with a token_embd.weight of 100 rows.
struct FakeMetadata {
  std::map<std::string, double, std::less<>> values;

  template <class T>
  static wick_code get(const wick_metadata* m, wick_str key, T* out) noexcept {
    const auto& values = reinterpret_cast<const FakeMetadata*>(m)->values;
    const auto found = values.find(sdk::to_view(key));
    if (found == values.end()) return WICK_NOT_FOUND;
    *out = static_cast<T>(found->second);
    return WICK_OK;
  }
  static wick_code no_array(const wick_metadata*, wick_str, std::int64_t*, std::uint64_t,
                            std::uint64_t*) noexcept {
    return WICK_NOT_FOUND;
  }
  static wick_code tensor(const wick_metadata*, wick_str, std::uint32_t* n,
                          std::uint64_t* dims) noexcept {
    *n = 2;
    dims[0] = 100;
    dims[1] = 64;
    return WICK_OK;
  }
  Config read(const std::string& arch) const {
    auto api = sdk::make<wick_metadata_api>();
    api.get_i64 = &get<std::int64_t>;
    api.get_f64 = &get<double>;
    api.get_bool = &get<std::uint32_t>;
    api.get_i64s = &no_array;
    api.tensor = &tensor;
    return read_config({&api, reinterpret_cast<const wick_metadata*>(this)}, arch);
  }
};

/// Four layers of attention, with keys of this architecture.
FakeMetadata metadata(const std::string& arch) {
  FakeMetadata m;
  for (const auto& [key, value] :
       std::map<std::string, double>{{"block_count", 4},
                                     {"context_length", 2048},
                                     {"embedding_length", 64},
                                     {"feed_forward_length", 96},
                                     {"attention.head_count", 4},
                                     {"attention.head_count_kv", 2},
                                     {"attention.layer_norm_rms_epsilon", 1e-5},
                                     {"shortconv.l_cache", 3},
                                     {"expert_count", 8},
                                     {"expert_used_count", 2},
                                     {"expert_feed_forward_length", 24},
                                     {"leading_dense_block_count", 1}})
    m.values[arch + "." + key] = value;
  return m;
}

ErrorCode error_with(const std::string& key, double value) {
  FakeMetadata m = metadata(kExpertArch);
  m.values[std::string(kExpertArch) + "." + key] = value;
  try {
    m.read(kExpertArch);
  } catch (const Error& e) {
    return e.code();
  }
  return ErrorCode::kOk;
}

TEST(Lfm2Config, HasNoExpertsInADenseModelWhateverTheFileSays) {
  const Config c = metadata(kDenseArch).read(kDenseArch);
  for (std::uint32_t layer = 0; layer < c.n_layers; ++layer) EXPECT_FALSE(c.has_experts(layer));
}

TEST(Lfm2Config, ReadsTheKeysOfItsOwnArchitecture) {
  EXPECT_THROW(metadata(kExpertArch).read(kDenseArch), Error);
  EXPECT_EQ(metadata(kExpertArch).read(kExpertArch).experts.n_experts, 8);
}

TEST(Lfm2Config, RoutesLikeTheOriginalWhereTheFileSaysNothing) {
  const Config c = metadata(kExpertArch).read(kExpertArch);
  EXPECT_FALSE(c.has_experts(0));
  EXPECT_TRUE(c.has_experts(1));
  EXPECT_EQ(c.experts.route.n_used, 2);
  EXPECT_EQ(c.experts.route.gating, sdk::Gating::kSigmoid);
  EXPECT_TRUE(c.experts.route.normalize);
  EXPECT_EQ(c.experts.route.epsilon, 1e-6);
  EXPECT_EQ(c.experts.route.scale, 1.0);
}

TEST(Lfm2Config, TakesGatingNormAndScaleFromTheFile) {
  FakeMetadata m = metadata(kExpertArch);
  m.values["lfm2moe.expert_gating_func"] = 1;
  m.values["lfm2moe.expert_weights_norm"] = 0;
  m.values["lfm2moe.expert_weights_scale"] = 2.5;
  const sdk::RouteConfig route = m.read(kExpertArch).experts.route;
  EXPECT_EQ(route.gating, sdk::Gating::kSoftmax);
  EXPECT_FALSE(route.normalize);
  EXPECT_EQ(route.scale, 2.5);
}

TEST(Lfm2Config, RefusesExpertsThatMakeNoModel) {
  EXPECT_EQ(error_with("expert_count", 0), ErrorCode::kBadFile);
  EXPECT_EQ(error_with("expert_count", 1e9), ErrorCode::kBadFile);
  EXPECT_EQ(error_with("expert_used_count", 9), ErrorCode::kBadFile);
  EXPECT_EQ(error_with("expert_feed_forward_length", 0), ErrorCode::kBadFile);
  EXPECT_EQ(error_with("leading_dense_block_count", 5), ErrorCode::kBadFile);
  EXPECT_EQ(error_with("expert_gating_func", 3), ErrorCode::kUnavailable);
}

TEST(Lfm2Weights, StackExpertsOfACheckpointBehindTheDenseLayers) {
  std::map<std::string, sdk::TensorDecl> all;
  for (sdk::TensorDecl& t : list_tensors(metadata(kExpertArch).read(kExpertArch)))
    all.emplace(t.name, t);
  EXPECT_TRUE(all.count("blk.0.ffn_gate.weight"));
  EXPECT_FALSE(all.count("blk.0.ffn_gate_exps.weight"));
  EXPECT_FALSE(all.count("blk.1.ffn_gate.weight"));
  const sdk::TensorDecl& down = all.at("blk.1.ffn_down_exps.weight");
  EXPECT_EQ(down.dims, (std::vector<std::uint64_t>{8, 64, 24}));
  EXPECT_EQ(down.source, "model.layers.1.feed_forward.experts.*.w2.weight");
  EXPECT_EQ(down.transform, "stack_experts");
  EXPECT_TRUE(all.at("blk.1.exp_probs_b.bias").optional);
}

}  // namespace
}  // namespace wick::lfm2
