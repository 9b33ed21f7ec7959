// What the metadata of a LLaMA file becomes. Refusals are tested with whole files in tests/loading.
#include "config.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>
#include <variant>

namespace wick::llama {
namespace {

using Map = std::map<std::string, std::variant<std::int64_t, double, std::string>, std::less<>>;

/// Metadata from a map, with a token_embd.weight of 100 rows.
class FakeMetadata {
 public:
  explicit FakeMetadata(Map values) : values_(std::move(values)) {
    api_ = sdk::make<wick_metadata_api>();
    api_.get_i64 = &get<std::int64_t, std::int64_t>;
    api_.get_f64 = &get<double, double>;
    api_.get_str = +[](const wick_metadata* m, wick_str key, wick_str* out) noexcept {
      const auto found = of(m).values_.find(sdk::to_view(key));
      if (found == of(m).values_.end()) return static_cast<wick_code>(WICK_NOT_FOUND);
      *out = sdk::to_str(std::get<std::string>(found->second));
      return static_cast<wick_code>(WICK_OK);
    };
    api_.tensor =
        +[](const wick_metadata*, wick_str name, std::uint32_t* n, std::uint64_t* dims) noexcept {
          if (sdk::to_view(name) != "token_embd.weight")
            return static_cast<wick_code>(WICK_NOT_FOUND);
          *n = 2;
          dims[0] = 100;
          dims[1] = 64;
          return static_cast<wick_code>(WICK_OK);
        };
  }
  sdk::Metadata view() const { return {&api_, reinterpret_cast<const wick_metadata*>(this)}; }

 private:
  static const FakeMetadata& of(const wick_metadata* m) noexcept {
    return *reinterpret_cast<const FakeMetadata*>(m);
  }
  template <class Stored, class Out>
  static wick_code get(const wick_metadata* m, wick_str key, Out* out) noexcept {
    const auto found = of(m).values_.find(sdk::to_view(key));
    if (found == of(m).values_.end()) return WICK_NOT_FOUND;
    const auto* value = std::get_if<Stored>(&found->second);
    if (!value) return WICK_BAD_FILE;
    *out = *value;
    return WICK_OK;
  }

  Map values_;
  wick_metadata_api api_;
};

Config read(Map more) {
  Map values = {{"llama.block_count", std::int64_t{2}},
                {"llama.context_length", std::int64_t{2048}},
                {"llama.embedding_length", std::int64_t{64}},
                {"llama.feed_forward_length", std::int64_t{96}},
                {"llama.attention.head_count", std::int64_t{4}},
                {"llama.attention.layer_norm_rms_epsilon", 1e-5}};
  more.merge(values);
  return read_config(FakeMetadata(std::move(more)).view());
}

TEST(LlamaConfig, TakesDefaultsFromTheModelDimension) {
  const Config c = read({});
  EXPECT_EQ(c.attention.n_kv_heads, 4);
  EXPECT_EQ(c.attention.head_dim, 16);
  EXPECT_EQ(c.attention.value_dim, 16);
  EXPECT_DOUBLE_EQ(c.attention.scale, 0.25);
  EXPECT_EQ(c.rope.n_rotary, 16);
  EXPECT_EQ(c.rope.base, 10000.0);
  EXPECT_EQ(c.rope.layout, sdk::RopeLayout::kInterleaved);
  EXPECT_EQ(c.vocab_size, 100);
}

TEST(LlamaConfig, TakesAHeadDimensionOfItsOwn) {
  const Config c = read({{"llama.attention.key_length", std::int64_t{24}},
                         {"llama.rope.dimension_count", std::int64_t{8}}});
  EXPECT_EQ(c.attention.head_dim, 24);
  EXPECT_EQ(c.rope.n_rotary, 8);
  EXPECT_EQ(c.rope.head_dim, 24);
}

TEST(LlamaConfig, ScalesPositionsLinearly) {
  const Config c =
      read({{"llama.rope.scaling.type", "linear"}, {"llama.rope.scaling.factor", 4.0}});
  EXPECT_EQ(c.rope.scale, 0.25);
  EXPECT_EQ(c.rope.ext_factor, 0.0);
  EXPECT_EQ(read({{"llama.rope.scale_linear", 2.0}}).rope.scale, 0.5) << "the key of old files";
  EXPECT_EQ(
      read({{"llama.rope.scaling.type", "none"}, {"llama.rope.scaling.factor", 4.0}}).rope.scale,
      1.0);
}

TEST(LlamaConfig, ReadsYarn) {
  const Config c = read({{"llama.rope.scaling.type", "yarn"},
                         {"llama.rope.scaling.factor", 8.0},
                         {"llama.rope.scaling.original_context_length", std::int64_t{512}},
                         {"llama.rope.scaling.yarn_beta_fast", 16.0}});
  EXPECT_EQ(c.rope.scale, 0.125);
  EXPECT_EQ(c.rope.ext_factor, 1.0);
  EXPECT_EQ(c.rope.original_context, 512);
  EXPECT_EQ(c.rope.beta_fast, 16.0);
  EXPECT_EQ(c.rope.beta_slow, 1.0);
}

TEST(LlamaConfig, TakesTheWholeMagnitudeOfYarnFromACheckpoint) {
  const auto yarn = [](Map more) {
    Map values = {{"llama.rope.scaling.type", "yarn"}, {"llama.rope.scaling.factor", 8.0}};
    more.merge(values);
    return read(std::move(more)).rope;
  };
  const double own = 1.0 + 0.1 * std::log(8.0);  // what the op multiplies with by itself
  EXPECT_EQ(yarn({}).attn_factor, 1.0);
  EXPECT_DOUBLE_EQ(yarn({{"llama.rope.scaling.yarn_attn_factor", 1.25}}).attn_factor, 1.25 / own);
  EXPECT_DOUBLE_EQ(yarn({{"llama.rope.scaling.attn_factor", 1.25}}).attn_factor, 1.25);
  EXPECT_DOUBLE_EQ(yarn({{"llama.rope.scaling.yarn_attn_factor", 1.25},
                         {"llama.rope.scaling.yarn_ext_factor", 0.0}})
                       .attn_factor,
                   1.25);
  EXPECT_EQ(yarn({{"llama.rope.scaling.factor", 0.0}}).scale, 1.0);
  EXPECT_THROW(yarn({{"llama.rope.scaling.factor", 0.5}}), Error);
}

TEST(LlamaTensors, AreNineALayerAndTheBiasesAreOptional) {
  const Config c = read({{"llama.attention.head_count_kv", std::int64_t{2}}});
  std::size_t n_needed = 0, n_optional = 0;
  for (const sdk::TensorDecl& tensor : list_tensors(c)) {
    (tensor.optional ? n_optional : n_needed) += 1;
    EXPECT_FALSE(tensor.role.empty()) << tensor.name;
    if (tensor.name == "blk.1.attn_k.weight") {
      EXPECT_EQ(tensor.dims, (std::vector<std::uint64_t>{32, 64}));
      EXPECT_EQ(tensor.source, "model.layers.1.self_attn.k_proj.weight");
      EXPECT_EQ(tensor.transform, "rope_interleave:2");
      EXPECT_EQ(tensor.layer, 1);
    }
  }
  EXPECT_EQ(n_needed, 2u + 9u * 2u);
  EXPECT_EQ(n_optional, 2u + 7u * 2u);
}

}  // namespace
}  // namespace wick::llama
