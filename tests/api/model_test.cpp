// Models: loading with progress, facts, metadata, texts and ids.
#include "api_fixture.h"

namespace wick_api_test {
namespace {

std::string metadata(const char* key) {
  std::uint64_t n = 0;
  if (wick_model_metadata(model(), key, nullptr, 0, &n, nullptr) != WICK_STATUS_OK) return "?";
  std::string text(static_cast<std::size_t>(n), ' ');
  EXPECT_EQ(wick_model_metadata(model(), key, text.data(), n, &n, nullptr), WICK_STATUS_OK);
  return text;
}

TEST(ApiModel, TellsItsProgress) {
  wick_load_options options = load_options();
  double last = -1;
  options.progress_context = &last;
  options.progress = [](void* context, const char* what, double done) -> int32_t {
    EXPECT_STREQ(what, "packing weights");
    *static_cast<double*>(context) = done;
    return 0;
  };
  wick_model* made = nullptr;
  ASSERT_EQ(wick_model_load(engine(), &options, &made, nullptr), WICK_STATUS_OK);
  EXPECT_GT(last, 0);
  EXPECT_LE(last, 1);
  wick_model_free(made);
}

TEST(ApiModel, EndsLoadingWhenTheCallbackSaysSo) {
  wick_load_options options = load_options();
  options.progress = [](void*, const char*, double) -> int32_t { return 1; };
  wick_model* made = nullptr;
  Failure failure;
  EXPECT_EQ(wick_model_load(engine(), &options, &made, &failure), WICK_STATUS_CANCELLED);
  EXPECT_EQ(made, nullptr);
  EXPECT_TRUE(failure.says("packing weights")) << failure.message();
}

TEST(ApiModel, RefusesMoreMemoryThanItMayUse) {
  wick_load_options options = load_options();
  const wick_device_number limit{"cpu", 1000};
  options.memory = &limit;
  options.n_memory = 1;
  wick_model* made = nullptr;
  Failure failure;
  EXPECT_EQ(wick_model_load(engine(), &options, &made, &failure), WICK_STATUS_OUT_OF_MEMORY);
  EXPECT_TRUE(failure.says("does not fit")) << failure.message();
}

TEST(ApiModel, DescribesItself) {
  wick_model_facts facts;
  facts.struct_size = sizeof facts;
  ASSERT_EQ(wick_model_describe(model(), &facts, nullptr), WICK_STATUS_OK);
  EXPECT_STREQ(facts.architecture, "llama");
  EXPECT_STREQ(facts.backends, "cpu");
  EXPECT_EQ(facts.vocab_size, 1406u);
  EXPECT_EQ(facts.bos, 1);
  EXPECT_EQ(facts.adds_bos, 1u);
  EXPECT_GT(facts.context, 0u);
  EXPECT_EQ(facts.struct_size, sizeof facts);
  facts.struct_size = 4;
  EXPECT_EQ(wick_model_describe(model(), &facts, nullptr), WICK_STATUS_BAD_ARGUMENT);
}

TEST(ApiModel, GivesMetadataAsText) {
  EXPECT_EQ(metadata("general.architecture"), "llama");
  EXPECT_EQ(metadata("tokenizer.ggml.bos_token_id"), "1");
  EXPECT_EQ(metadata("tokenizer.ggml.add_bos_token"), "true");
  EXPECT_EQ(metadata("tokenizer.ggml.tokens").substr(0, 2), "[\"");
  EXPECT_NE(metadata("tokenizer.chat_template").find("{%"), std::string::npos);
  Failure failure;
  EXPECT_EQ(wick_model_metadata(model(), "no.such.key", nullptr, 0, nullptr, &failure),
            WICK_STATUS_NOT_FOUND);
  EXPECT_EQ(failure.message(), "");
}

TEST(ApiModel, EnumeratesKeys) {
  std::uint64_t index = 0, n = 0;
  bool found = false;
  char key[256];
  while (wick_model_metadata_key(model(), index, key, sizeof key, &n, nullptr) == WICK_STATUS_OK) {
    found |= std::string(key, static_cast<std::size_t>(n)) == "general.architecture";
    ++index;
  }
  EXPECT_GT(index, 10u);
  EXPECT_TRUE(found);
}

TEST(ApiModel, TurnsTextToIdsAndBack) {
  const std::vector<std::int32_t> ids = ids_of("The cat sat");
  ASSERT_GT(ids.size(), 2u);
  EXPECT_EQ(ids[0], 1);
  char text[64];
  std::uint64_t n = 0;
  ASSERT_EQ(
      wick_model_detokenize(model(), ids.data(), ids.size(), 0, text, sizeof text, &n, nullptr),
      WICK_STATUS_OK);
  EXPECT_EQ(std::string(text, static_cast<std::size_t>(n)), "The cat sat");
  ASSERT_EQ(wick_model_token_text(model(), 1, 0, text, sizeof text, &n, nullptr), WICK_STATUS_OK);
  EXPECT_EQ(n, 0u);
  ASSERT_EQ(wick_model_token_text(model(), 1, WICK_TEXT_SPECIAL, text, sizeof text, &n, nullptr),
            WICK_STATUS_OK);
  EXPECT_GT(n, 0u);
}

TEST(ApiModel, WritesNoMoreThanThereIsRoomFor) {
  std::int32_t ids[3] = {-7, -7, -7};
  std::uint64_t n = 0;
  ASSERT_EQ(wick_model_tokenize(model(), "The cat sat", 11, WICK_TOKENIZE_BOS, ids, 2, &n, nullptr),
            WICK_STATUS_OK);
  EXPECT_EQ(n, ids_of("The cat sat").size());
  EXPECT_NE(ids[1], -7);
  EXPECT_EQ(ids[2], -7);
  Failure failure;
  EXPECT_EQ(wick_model_tokenize(model(), nullptr, 11, 0, ids, 2, &n, &failure),
            WICK_STATUS_BAD_ARGUMENT);
}

}  // namespace
}  // namespace wick_api_test
