// The identity of a model file follows what it holds, not where it lies.
#include "model/content_identity.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "base/tests/temp_folder.h"
#include "files/gguf.h"
#include "files/tests/bad_gguf.h"

namespace wick {
namespace {

class ContentIdentity : public testing::Test {
 protected:
  /// Always of the same time, so that content alone tells.
  std::string of(const std::string& name, const std::string& bytes, int time = 1) {
    const std::string path = folder_.write(name, bytes);
    std::filesystem::last_write_time(path,
                                     std::filesystem::file_time_type(std::chrono::seconds(time)));
    return content_identity(GgufFile::open(path));
  }
  TempFolder folder_;
  const std::string bytes_ = good_gguf().bytes();
};

TEST_F(ContentIdentity, IsThatOfACopy) {
  const std::string identity = of("a.gguf", bytes_);
  EXPECT_EQ(identity.size(), 32u);
  EXPECT_EQ(of("b.gguf", bytes_), identity);
}

TEST_F(ContentIdentity, ChangesWithTheTime) {
  EXPECT_NE(of("a.gguf", bytes_, 2), of("a.gguf", bytes_, 1));
}

TEST_F(ContentIdentity, ChangesWithTheMetadata) {
  std::string other = bytes_;
  const std::size_t at = other.find("example.count");
  ASSERT_NE(at, std::string::npos);
  other[at + 13 + 4] ^= 1;  // behind the key and its type
  EXPECT_NE(of("a.gguf", other), of("a.gguf", bytes_));
}

TEST_F(ContentIdentity, ChangesWithTheFirstByteOfATensor) {
  const GgufFile file = GgufFile::open(folder_.write("a.gguf", bytes_));
  ASSERT_FALSE(file.tensors().empty());
  for (const GgufTensor& tensor : file.tensors()) {
    std::string other = bytes_;
    other[tensor.offset] ^= 1;
    EXPECT_NE(of("b.gguf", other), of("b.gguf", bytes_)) << tensor.name;
  }
}

}  // namespace
}  // namespace wick
