// Names and labels of files, as other converters write them.
#include "quantize/general_keys.h"

#include <gtest/gtest.h>

#include "files/metadata_list.h"

namespace wick {
namespace {

TEST(GeneralKeys, MakeATitleOfAFoldersName) {
  EXPECT_EQ(title_of("ember"), "Ember");
  EXPECT_EQ(title_of("SmolLM2-135M-instruct"), "SmolLM2 135M Instruct");
  EXPECT_EQ(title_of("mistral-7b-v0.3"), "Mistral 7b v0.3");
  EXPECT_EQ(title_of("a--b "), "A B");
  EXPECT_EQ(title_of(""), "");
}

TEST(GeneralKeys, RoundSizesToTwoDigitsAtLeast) {
  EXPECT_EQ(size_label(5'081'856), "5.1M");
  EXPECT_EQ(size_label(134'515'008), "135M");
  EXPECT_EQ(size_label(1'235'814'400), "1.2B");
  EXPECT_EQ(size_label(9'700'000'000), "10B");
  EXPECT_EQ(size_label(12'300), "12K");
}

TEST(GeneralKeys, NumberTheTypesThatHaveANumber) {
  MetadataList known, unknown;
  add_type_keys(known, 32);
  EXPECT_EQ(known.find("general.file_type")->as_u64(), 32u);
  EXPECT_EQ(known.find("general.quantization_version")->as_u64(), 2u);
  add_type_keys(unknown, std::nullopt);
  EXPECT_EQ(unknown.find("general.file_type"), nullptr);
}

}  // namespace
}  // namespace wick
