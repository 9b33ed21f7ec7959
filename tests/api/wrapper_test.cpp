// The C++ wrapper beside the plugins' SDK: text as from C, exceptions both ways.
#include <gtest/gtest.h>
#include <wick/sdk/plugin.h>
#include <wick/wick.hpp>

#include <stdexcept>

namespace {

wick::LoadOptions load_options() {
  wick::LoadOptions options;
  options.path = WICK_TEST_MODEL;
  options.backends = "cpu";
  return options;
}

TEST(ApiWrapper, GeneratesByARange) {
  wick::Engine engine;
  const wick::Model model = engine.load(load_options());
  wick::GenerateOptions options;
  options.temperature = 0;
  options.n_tokens = 16;
  wick::Session session = model.session();
  wick::Generation generation = session.generate(model.tokenize("Once upon a time"), options);
  std::string text;
  for (const std::string_view piece : generation) text += piece;
  EXPECT_EQ(generation.stats().n_generated, 16u);
  EXPECT_EQ(model.detokenize(generation.tokens()), text.substr(text[0] == ' ' ? 1 : 0));
  EXPECT_EQ(session.fork().tokens(), session.tokens());
  EXPECT_EQ(model.metadata("general.architecture"), "llama");
  EXPECT_EQ(model.metadata("no.such.key"), std::nullopt);
}

TEST(ApiWrapper, ThrowsTheSentence) {
  wick::Engine engine;
  try {
    engine.load("/nowhere/no.gguf");
    FAIL() << "loaded";
  } catch (const wick::Error& error) {
    EXPECT_EQ(error.code(), wick::ErrorCode::kMissingFile);
    EXPECT_NE(std::string(error.what()).find("/nowhere/no.gguf"), std::string::npos);
  }
}

TEST(ApiWrapper, LetsExceptionsOfCallbacksThrough) {
  wick::Engine engine;
  EXPECT_THROW(engine.load(load_options(),
                           [](const char*, double) -> bool { throw std::out_of_range("mine"); }),
               std::out_of_range);
  EXPECT_THROW(engine.list_plugins([](const wick_plugin_row&) { throw std::out_of_range("mine"); }),
               std::out_of_range);
  EXPECT_THROW(engine.load(load_options(), [](const char*, double) { return false; }), wick::Error);
}

TEST(ApiWrapper, ListsDevices) {
  wick::Engine engine;
  bool has_cpu = false;
  engine.list_devices(
      [&](const wick_device_row& row) { has_cpu |= std::string_view(row.backend) == "cpu"; });
  EXPECT_TRUE(has_cpu);
}

}  // namespace
