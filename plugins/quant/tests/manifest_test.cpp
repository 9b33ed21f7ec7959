// The manifest promises what the plugin registers, neither more nor less.
#include "tests/registered_formats.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>

namespace wick::quant {
namespace {

TEST(Manifest, ListsEveryFormatInTheOrderOfTheTable) {
  std::ifstream file(WICK_TEST_SOURCE_DIR "/plugins/quant/manifest.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::regex offer(R"re("kind": "quant", "id": "([^"]+)")re");
  std::vector<std::string> promised, registered;
  for (std::sregex_iterator i(text.begin(), text.end(), offer), end; i != end; ++i)
    promised.push_back((*i)[1]);
  for (const RegisteredFormat& format : registered_formats()) registered.push_back(format.name());
  EXPECT_EQ(promised, registered);
}

}  // namespace
}  // namespace wick::quant
