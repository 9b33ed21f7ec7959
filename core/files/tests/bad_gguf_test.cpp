// Bad files end in a sentence each, whatever is wrong in them.
#include "files/tests/bad_gguf.h"

#include <set>

#include "base/tests/temp_folder.h"
#include "files/gguf.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace wick {
namespace {

void replay(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

class BadGguf : public testing::TestWithParam<BadFile> {};

TEST_P(BadGguf, IsRefusedWithASentence) {
  const TempFolder folder;
  const std::string path = folder.write("bad.gguf", GetParam().bytes);
  expect_error(GetParam().code, GetParam().word, [&] { GgufFile::open(path); });
  const auto error = error_of([&] { GgufFile::open(path); });
  EXPECT_EQ(std::string(error->what()).find(path + ": "), 0U) << error->what();
}

INSTANTIATE_TEST_SUITE_P(All, BadGguf, testing::ValuesIn(bad_gguf_files()),
                         [](const auto& tested) { return tested.param.name; });

TEST(BadGgufFiles, AreAtLeastFortyFiveWithDifferentNames) {
  std::set<std::string> names;
  for (const BadFile& file : bad_gguf_files())
    EXPECT_TRUE(names.insert(file.name).second) << file.name;
  EXPECT_GE(names.size(), 45U);
}

TEST(BadGgufFiles, StartFromAFileThatIsGood) {
  const TempFolder folder;
  const GgufFile file = GgufFile::open(folder.write("good.gguf", good_gguf().bytes()));
  EXPECT_EQ(file.metadata().size(), 5U);
  EXPECT_EQ(file.tensors().size(), 2U);
}

TEST(GgufReader, RefusesEveryCutOfAGoodFile) {
  const TempFolder folder;
  const std::string good = good_gguf().bytes();
  for (std::size_t size = 0; size < good.size(); ++size) {
    const std::string path = folder.write("cut.gguf", good.substr(0, size));
    const auto error = error_of([&] { GgufFile::open(path); });
    ASSERT_TRUE(error.has_value()) << "cut to " << size << " bytes";
    EXPECT_EQ(error->code(), ErrorCode::kBadFile);
  }
}

TEST(GgufReader, SurvivesEveryChangedByteOfAGoodFile) {
  const std::string good = good_gguf().bytes();
  for (std::size_t i = 0; i < good_gguf().tensors_end(); ++i)
    for (const int change : {0x01, 0x10, 0x80, 0xff}) {
      std::string changed = good;
      changed[i] = static_cast<char>(changed[i] ^ change);
      replay(changed);
    }
}

TEST(GgufReader, SurvivesTheFuzzersEntryOnBadFiles) {
  for (const BadFile& file : bad_gguf_files()) replay(file.bytes);
}

}  // namespace
}  // namespace wick
