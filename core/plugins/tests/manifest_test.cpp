// Good manifests, and what is refused of bad ones.
#include "plugins/manifest.h"

#include "plugins/tests/plugin_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>

namespace wick {
namespace {

using testing::error_of;
using testing::PluginFolder;
using testing::sentence_of;

constexpr char kGood[] = R"({
  "wick_manifest": 1, "id": "org.wick.mine", "version": "1.3.0", "abi": [1, 2], "host_minor_min": 3,
  "library": "libwick-mine.so", "future": {"any": ["thing"]},
  "provides": [{ "kind": "backend", "id": "mine", "probe": "child", "rank": 70, "safe": true },
               { "kind": "quant", "id": "org.wick.nf4@1", "gguf_type": 41 }],
  "requires": { "libfoo": "1.0" },
  "package_hint": { "debian": "wick-mine", "driver": "mine-drivers" } })";

/// kGood with one part replaced.
std::string with(const std::string& old_text, const std::string& new_text) {
  std::string text = kGood;
  const auto at = text.find(old_text);
  EXPECT_NE(at, std::string::npos) << old_text;
  return text.replace(at, old_text.size(), new_text);
}

TEST(Manifest, ReadsEveryField) {
  const auto manifest = parse_manifest(kGood, "test");
  EXPECT_EQ(manifest.id, "org.wick.mine");
  EXPECT_EQ(manifest.version, "1.3.0");
  EXPECT_EQ(manifest.abi_major, 1u);
  EXPECT_EQ(manifest.abi_minor, 2u);
  EXPECT_EQ(manifest.host_minor_min, 3u);
  EXPECT_EQ(manifest.library, "libwick-mine.so");
  ASSERT_EQ(manifest.provides.size(), 2u);
  EXPECT_EQ(manifest.provides[0].kind, "backend");
  EXPECT_EQ(manifest.provides[0].probe, "child");
  EXPECT_EQ(manifest.provides[0].rank, 70);
  EXPECT_TRUE(manifest.provides[0].safe);
  EXPECT_FALSE(manifest.provides[0].gguf_type);
  EXPECT_EQ(manifest.provides[1].id, "org.wick.nf4@1");
  EXPECT_EQ(manifest.provides[1].gguf_type, 41u);
  EXPECT_EQ(manifest.needs.at("libfoo"), "1.0");
  EXPECT_EQ(manifest.package_hint.at("driver"), "mine-drivers");
}

TEST(Manifest, ReadsTheCheckpointsThatAnArchitectureConverts) {
  const auto with_list = [](const std::string& list) {
    return with("\"gguf_type\": 41", "\"checkpoints\": " + list);
  };
  const auto manifest = parse_manifest(with_list("[\"AForCausalLM\", \"B\"]"), "test");
  EXPECT_EQ(manifest.provides[1].checkpoints, (std::vector<std::string>{"AForCausalLM", "B"}));
  EXPECT_TRUE(manifest.provides[0].checkpoints.empty());
  for (const char* list : {"\"A\"", "[1]", "[\"a b\"]", "[\"\"]", "{}"})
    EXPECT_EQ(error_of([&] { parse_manifest(with_list(list), "test"); }), ErrorCode::kBadFile)
        << list;
}

TEST(Manifest, NamesAFileOfRecipesBesideItself) {
  const auto with_recipes = [](const std::string& value) {
    return with("\"requires\"", "\"recipes\": " + value + ", \"requires\"");
  };
  EXPECT_EQ(parse_manifest(kGood, "test").recipes, "");
  EXPECT_EQ(parse_manifest(with_recipes("\"mine.json\""), "test").recipes, "mine.json");
  for (const char* value : {"\"../mine.json\"", "\"/etc/passwd\"", "\"\"", "1"})
    EXPECT_EQ(error_of([&] { parse_manifest(with_recipes(value), "test"); }), ErrorCode::kBadFile)
        << value;
}

TEST(Manifest, NamesWhatItsOptionsMayBe) {
  const auto with_options = [](const std::string& value) {
    return with("\"requires\"", "\"options\": " + value + ", \"requires\"");
  };
  const auto manifest =
      parse_manifest(with_options(R"({"way": "fast slow", "how": "so"})"), "test");
  EXPECT_EQ(manifest.options.at("way"), (std::vector<std::string>{"fast", "slow"}));
  EXPECT_EQ(manifest.options.at("how"), (std::vector<std::string>{"so"}));
  EXPECT_TRUE(parse_manifest(kGood, "test").options.empty());
  const std::string long_value = R"({"way": ")" + std::string(5000, 'a') + "\"}";
  for (const std::string& value :
       std::vector<std::string>{"[]", R"({"way": 1})", R"({"a b": "so"})", R"({"way": "a;b"})",
                                R"({"way": "\u001b"})", long_value})
    EXPECT_EQ(error_of([&] { parse_manifest(with_options(value), "test"); }), ErrorCode::kBadFile)
        << value;
}

TEST(Manifest, RefusesALibraryThatIsNoPlainFileName) {
  for (const char* library : {"../evil.so", "/usr/lib/evil.so", "sub/evil.so", "", "..", ".hidden",
                              "a b.so", "a\\u0000b.so", "a\\nb.so"})
    EXPECT_EQ(error_of([&] { parse_manifest(with("libwick-mine.so", library), "test"); }),
              ErrorCode::kBadFile)
        << library;
}

TEST(Manifest, RefusesWhatIsMissingOrMistyped) {
  const std::pair<const char*, const char*> changes[] = {
      {"\"wick_manifest\": 1,", ""},
      {"\"wick_manifest\": 1", "\"wick_manifest\": 2"},
      {"\"wick_manifest\": 1", "\"wick_manifest\": \"1\""},
      {"\"id\": \"org.wick.mine\",", ""},
      {"org.wick.mine", "-rf"},
      {"org.wick.mine", "../../etc"},
      {"\"1.3.0\"", "13"},
      {"[1, 2]", "[1]"},
      {"[1, 2]", "{}"},
      {"[1, 2]", "[1, -2]"},
      {"[1, 2]", "[1, 2.5]"},
      {"\"host_minor_min\": 3", "\"host_minor_min\": 65536"},
      {"\"rank\": 70", "\"rank\": 1e9"},
      {"\"safe\": true", "\"safe\": 1"},
      {"\"gguf_type\": 41", "\"gguf_type\": 65536"},
      {"\"kind\": \"quant\", ", ""},
      {"\"debian\": \"wick-mine\"", "\"debian\": \"wick; rm -rf /\""},
      {"{ \"libfoo\": \"1.0\" }", "[]"},
  };
  for (const auto& [old_text, new_text] : changes)
    EXPECT_EQ(
        error_of([from = old_text, to = new_text] { parse_manifest(with(from, to), "test"); }),
        ErrorCode::kBadFile)
        << old_text << " -> " << new_text;
}

TEST(Manifest, NamesTheFilesAndVariablesOfItsDrivers) {
  const auto text = [](const std::string& fields) {
    return PluginFolder::manifest("org.test.plugin", "a.so", PluginFolder::kBytes, fields);
  };
  const auto manifest = parse_manifest(
      text(R"(, "fingerprint": ["/etc/x", "~/.x/d"], "fingerprint_env": ["DRIVERS"])"), "test");
  EXPECT_THAT(manifest.fingerprint, ::testing::ElementsAre("/etc/x", "~/.x/d"));
  EXPECT_THAT(manifest.fingerprint_env, ::testing::ElementsAre("DRIVERS"));
  std::string many = "\"/a\"";
  for (int i = 0; i < 64; ++i) many += ",\"/a\"";
  for (const std::string& bad :
       {std::string(R"(, "fingerprint": "/etc/x")"), std::string(R"(, "fingerprint": [1])"),
        std::string(R"(, "fingerprint": ["etc/x"])"), std::string(R"(, "fingerprint": ["/a\n"])"),
        std::string(R"(, "fingerprint": ["~x"])"), std::string(R"(, "fingerprint": [""])"),
        ", \"fingerprint\": [" + many + "]",
        ", \"fingerprint\": [\"/" + std::string(1024, 'a') + "\"]",
        std::string(R"(, "fingerprint_env": ["A=B"])"), std::string(R"(, "fingerprint_env": [""])"),
        std::string(R"(, "fingerprint_env": {"A": 1})"),
        std::string(R"(, "fingerprint_env": ["1A"])")})
    EXPECT_EQ(error_of([&] { parse_manifest(text(bad), "test"); }), ErrorCode::kBadFile) << bad;
}

TEST(Manifest, RefusesAPromiseMadeTwice) {
  const auto text = with("\"kind\": \"quant\", \"id\": \"org.wick.nf4@1\"",
                         "\"kind\": \"backend\", \"id\": \"mine\"");
  EXPECT_THAT(sentence_of([&] { parse_manifest(text, "test"); }),
              ::testing::HasSubstr("names backend mine twice"));
}

TEST(Manifest, RefusesTextThatIsNoJsonObject) {
  for (const std::string text : {"", "[]", "null", "{", "{\"a\":}", "\xff\xfe", "{} trailing"})
    EXPECT_EQ(error_of([&] { parse_manifest(text, "test"); }), ErrorCode::kBadFile) << text;
}

TEST(Manifest, RefusesDeepNestingAndHugeText) {
  EXPECT_EQ(error_of([] { parse_manifest(std::string(100000, '['), "test"); }),
            ErrorCode::kBadFile);
  EXPECT_EQ(error_of([] { parse_manifest(std::string(kMaxManifestBytes + 1, ' '), "test"); }),
            ErrorCode::kBadFile);
}

TEST(Manifest, EveryCutOfAGoodOneIsRefused) {
  const std::string good = kGood;
  for (std::size_t n = 0; n < good.size(); ++n)
    EXPECT_EQ(error_of([&] { parse_manifest(good.substr(0, n), "test"); }), ErrorCode::kBadFile)
        << n;
}

TEST(Manifest, MustBeNamedAfterItsId) {
  const PluginFolder folder;
  const auto file = folder.write("other.wick.json", kGood);
  EXPECT_THAT(sentence_of([&] { read_manifest(file.string()); }),
              ::testing::HasSubstr("need the file name org.wick.mine.wick.json"));
}

TEST(Manifest, IsMissingWhereTheFileIsAFolderOrAPipe) {
  const PluginFolder folder;
  std::filesystem::create_directory(folder.path() / "a.wick.json");
  ASSERT_EQ(::mkfifo((folder.path() / "b.wick.json").c_str(), 0644), 0);
  for (const char* name : {"a.wick.json", "b.wick.json", "none.wick.json"})
    EXPECT_EQ(error_of([&] { read_manifest((folder.path() / name).string()); }),
              ErrorCode::kMissingFile);
}

}  // namespace
}  // namespace wick
