// Files that are good GGUF and no model: each is refused with one sentence, and nothing is left
// behind. What the reader alone can see is in core/files/tests.
#include <gtest/gtest.h>
#include <wick/error.h>

#include <cmath>
#include <cstdio>

#include "model/model.h"
#include "test_runtime.h"
#include "tiny_model.h"

namespace wick {
namespace {

struct BadModel {
  std::string name;
  std::function<void(TinyModel&)> spoil;
  std::string word;  // that the sentence must have
  ErrorCode code = ErrorCode::kBadFile;
};

std::ostream& operator<<(std::ostream& out, const BadModel& bad) {
  return out << bad.name;
}

template <class T>
std::function<void(TinyModel&)> number(const std::string& key, T value) {
  return [=](TinyModel& m) { m.set_number<T>(key, value); };
}
std::function<void(TinyModel&)> text(const std::string& key, const std::string& value) {
  return [=](TinyModel& m) { m.set_text(key, value); };
}
std::function<void(TinyModel&)> without(const std::string& key) {
  return [=](TinyModel& m) { m.remove(key); };
}
std::function<void(TinyModel&)> tensor(const std::string& name, std::vector<std::uint64_t> dims,
                                       std::uint32_t type = 0) {
  return [=](TinyModel& m) { m.set_tensor(name, dims, type); };
}
std::function<void(TinyModel&)> texts(const std::string& key, std::vector<std::string> values) {
  return [=](TinyModel& m) {
    m.set(key, [=](GgufBytes& f, const std::string& k) { f.texts(k, values); });
  };
}

std::vector<BadModel> bad_configs() {
  using u32 = std::uint32_t;
  const std::string l = "llama.";
  return {
      {"no_architecture", without("general.architecture"), "general.architecture"},
      {"architecture_is_a_number", number<u32>("general.architecture", 3), "general.architecture"},
      {"no_block_count", without(l + "block_count"), "llama.block_count"},
      {"zero_blocks", number<u32>(l + "block_count", 0), "llama.block_count"},
      {"more_blocks_than_tensors", number<u32>(l + "block_count", 3), "blk.2"},
      {"a_billion_blocks", number<u32>(l + "block_count", 1000000000), "llama.block_count"},
      {"block_count_is_text", text(l + "block_count", "2"), "llama.block_count"},
      {"block_count_is_negative", number<std::int32_t>(l + "block_count", -2), "llama.block_count"},
      {"no_context_length", without(l + "context_length"), "llama.context_length"},
      {"zero_context", number<u32>(l + "context_length", 0), "llama.context_length"},
      {"no_embedding_length", without(l + "embedding_length"), "llama.embedding_length"},
      {"wrong_embedding_length", number<u32>(l + "embedding_length", 128), "shape"},
      {"embedding_length_near_2_64",
       number<std::uint64_t>(l + "embedding_length", ~std::uint64_t{0}), "llama.embedding_length"},
      {"no_feed_forward_length", without(l + "feed_forward_length"), "llama.feed_forward_length"},
      {"wrong_feed_forward_length", number<u32>(l + "feed_forward_length", 95), "shape"},
      {"no_head_count", without(l + "attention.head_count"), "llama.attention.head_count"},
      {"zero_heads", number<u32>(l + "attention.head_count", 0), "llama.attention.head_count"},
      {"heads_do_not_divide", number<u32>(l + "attention.head_count", 5),
       "llama.attention.head_count"},
      {"kv_heads_do_not_divide", number<u32>(l + "attention.head_count_kv", 3),
       "llama.attention.head_count_kv"},
      {"more_kv_heads_than_heads", number<u32>(l + "attention.head_count_kv", 8),
       "llama.attention.head_count_kv"},
      {"zero_kv_heads", number<u32>(l + "attention.head_count_kv", 0),
       "llama.attention.head_count_kv"},
      {"wrong_key_length", number<u32>(l + "attention.key_length", 32), "shape"},
      {"wrong_value_length", number<u32>(l + "attention.value_length", 8), "shape"},
      {"no_epsilon", without(l + "attention.layer_norm_rms_epsilon"), "epsilon"},
      {"epsilon_nan", number<float>(l + "attention.layer_norm_rms_epsilon", std::nanf("")),
       "epsilon"},
      {"epsilon_negative", number<float>(l + "attention.layer_norm_rms_epsilon", -1.0f), "epsilon"},
      {"epsilon_infinite", number<float>(l + "attention.layer_norm_rms_epsilon", INFINITY),
       "epsilon"},
      {"rope_base_zero", number<float>(l + "rope.freq_base", 0.0f), "llama.rope.freq_base"},
      {"rope_base_nan", number<float>(l + "rope.freq_base", std::nanf("")), "llama.rope.freq_base"},
      {"rope_dimensions_odd", number<u32>(l + "rope.dimension_count", 15),
       "llama.rope.dimension_count"},
      {"rope_dimensions_too_many", number<u32>(l + "rope.dimension_count", 18),
       "llama.rope.dimension_count"},
      {"rope_factor_negative", number<float>(l + "rope.scaling.factor", -2.0f),
       "llama.rope.scaling.factor"},
      {"vocab_size_wrong", number<u32>(l + "vocab_size", 300), "llama.vocab_size"},
      {"window_negative", number<std::int32_t>(l + "attention.sliding_window", -1),
       "sliding_window"},
  };
}

std::vector<BadModel> bad_tensors() {
  return {
      {"no_token_embd", [](TinyModel& m) { m.remove_tensor("token_embd.weight"); },
       "token_embd.weight"},
      {"token_embd_is_a_vector", tensor("token_embd.weight", {64}), "token_embd.weight"},
      {"no_output_norm", [](TinyModel& m) { m.remove_tensor("output_norm.weight"); },
       "output_norm.weight"},
      {"no_attn_q", [](TinyModel& m) { m.remove_tensor("blk.1.attn_q.weight"); },
       "blk.1.attn_q.weight"},
      {"attn_k_transposed", tensor("blk.0.attn_k.weight", {32, 64}), "blk.0.attn_k.weight"},
      {"norm_too_long", tensor("blk.0.attn_norm.weight", {65}), "blk.0.attn_norm.weight"},
      {"norm_is_a_matrix", tensor("blk.0.ffn_norm.weight", {8, 8}), "blk.0.ffn_norm.weight"},
      {"output_of_another_vocabulary", tensor("output.weight", {64, 260}), "output.weight"},
      {"bias_too_short", tensor("blk.0.attn_q.bias", {63}), "blk.0.attn_q.bias"},
      {"rope_factors_too_many", tensor("rope_freqs.weight", {16}), "rope_freqs.weight"},
      {"weights_of_integers", tensor("blk.0.attn_q.weight", {64, 64}, 26), "blk.0.attn_q.weight"},
  };
}

std::vector<BadModel> bad_vocabularies() {
  const std::string t = "tokenizer.ggml.";
  using u32 = std::uint32_t;
  return {
      {"no_tokenizer", without(t + "model"), "tokenizer.ggml.model"},
      {"no_tokens", without(t + "tokens"), "tokens"},
      {"tokens_are_numbers", number<u32>(t + "tokens", 1), "tokens"},
      {"fewer_tokens_than_rows", texts(t + "tokens", {"a", "b"}), "token"},
      {"empty_vocabulary", texts(t + "tokens", {}), "token"},
      {"bos_outside", number<u32>(t + "bos_token_id", 259), "bos"},
      {"eos_outside", number<u32>(t + "eos_token_id", 4000000000u), "eos"},
      {"bos_is_text", text(t + "bos_token_id", "1"), "bos"},
      {"scores_too_few",
       [t](TinyModel& m) {
         m.set(t + "scores",
               [](GgufBytes& f, const std::string& k) { f.numbers(k, std::vector<float>(3)); });
       },
       "scores"},
      {"types_too_few",
       [t](TinyModel& m) {
         m.set(t + "token_type", [](GgufBytes& f, const std::string& k) {
           f.numbers(k, std::vector<std::int32_t>(3));
         });
       },
       "token_type"},
      {"merges_of_nothing",
       [t](TinyModel& m) {
         m.set_text(t + "model", "gpt2").set(t + "merges", [](GgufBytes& f, const std::string& k) {
           f.texts(k, {"nothing here"});
         });
       },
       "merge"},
      {"merge_of_one_piece",
       [t](TinyModel& m) {
         m.set_text(t + "model", "gpt2").set(t + "merges", [](GgufBytes& f, const std::string& k) {
           f.texts(k, {"ab"});
         });
       },
       "merge"},
  };
}

std::vector<BadModel> missing_capabilities() {
  return {
      {"unknown_architecture", text("general.architecture", "nobody"), "nobody",
       ErrorCode::kUnavailable},
      {"unknown_tensor_type", tensor("blk.0.attn_q.weight", {64, 64}, 200), "200",
       ErrorCode::kUnavailable},
      {"unknown_tokenizer", text("tokenizer.ggml.model", "runes"), "runes",
       ErrorCode::kUnavailable},
      {"unknown_pre_tokenizer",
       [](TinyModel& m) {
         m.set_text("tokenizer.ggml.model", "gpt2").set_text("tokenizer.ggml.pre", "runic");
       },
       "runic", ErrorCode::kUnavailable},
      {"unknown_rope_scaling", text("llama.rope.scaling.type", "longrope"), "longrope",
       ErrorCode::kUnavailable},
      {"mixture_of_experts", number<std::uint32_t>("llama.expert_count", 8), "experts",
       ErrorCode::kUnavailable},
  };
}

class BadModels : public testing::TestWithParam<BadModel> {};

TEST_P(BadModels, AreRefusedWithOneSentence) {
  const BadModel& bad = GetParam();
  TinyModel model;
  bad.spoil(model);
  const std::string path = model.write("bad");
  Runtime runtime(test_runtime_options(1));
  ModelOptions options;
  options.path = path;
  options.backends = {"cpu"};
  options.max_tokens = 8;
  try {
    Model::load(runtime, options);
    ADD_FAILURE() << "it was loaded";
  } catch (const Error& e) {
    const std::string sentence = e.what();
    EXPECT_EQ(e.code(), bad.code) << sentence;
    EXPECT_NE(sentence.find(bad.word), std::string::npos) << sentence;
    EXPECT_EQ(sentence.find('\n'), std::string::npos) << sentence;
  }
  std::remove(path.c_str());
}

std::string name_of(const testing::TestParamInfo<BadModel>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Config, BadModels, testing::ValuesIn(bad_configs()), name_of);
INSTANTIATE_TEST_SUITE_P(Tensors, BadModels, testing::ValuesIn(bad_tensors()), name_of);
INSTANTIATE_TEST_SUITE_P(Vocabulary, BadModels, testing::ValuesIn(bad_vocabularies()), name_of);
INSTANTIATE_TEST_SUITE_P(Capabilities, BadModels, testing::ValuesIn(missing_capabilities()),
                         name_of);

TEST(TinyModels, AreLoadedWhenNothingIsSpoilt) {
  const std::string path = TinyModel().write("good");
  Runtime runtime(test_runtime_options(1));
  ModelOptions options;
  options.path = path;
  options.backends = {"cpu"};
  EXPECT_EQ(Model::load(runtime, options)->facts().vocab_size, 259u);
  std::remove(path.c_str());
}

}  // namespace
}  // namespace wick
