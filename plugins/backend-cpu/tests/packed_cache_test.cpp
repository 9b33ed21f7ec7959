// What is kept is mapped at the next start; what is damaged, old or foreign is packed anew.
#include "packed_cache.h"

#include "conformance/storage_classes.h"
#include "conformance/test_host.h"
#include "conformance/weight_data.h"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "packed_file_format.h"

namespace wick::cpu {
namespace {

using conformance::StorageEntry;
using conformance::WeightData;

constexpr const char* kContent = "0123456789abcdef";
constexpr std::uint64_t kRows = 40, kCols = 512;

/// A folder, a host that remembers its warnings, and loads of two weights.
class PackedCacheTest : public testing::Test {
 protected:
  PackedCacheTest() : api_(*plain_.api()) {
    directory_ = testing::TempDir() + "/packed-" + std::to_string(::getpid()) + "-" +
                 testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(directory_);
    api_.host = this;
    api_.log = +[](void* self, std::uint32_t level, wick_str text) noexcept {
      auto& test = *static_cast<PackedCacheTest*>(self);
      (level >= WICK_LOG_WARNING ? test.warnings_ : test.notes_).emplace_back(sdk::to_view(text));
    };
  }
  ~PackedCacheTest() override {
    ::chmod(directory_.c_str(), 0755);
    std::filesystem::remove_all(directory_);
  }

  std::string path() const { return directory_ + "/" + kContent + ".wickpack"; }

  wick_weight_desc describe(const char* name) {
    origin_.n_weights = 2;
    origin_.content = sdk::to_str(content_);
    auto desc = sdk::make<wick_weight_desc>();
    desc.use = WICK_USE_MATMUL;
    desc.name = sdk::to_str(name);
    desc.n_rows = kRows;
    desc.n_cols = kCols;
    desc.storage = &data_.storage;
    desc.origin = &origin_;
    return desc;
  }

  /// A start: two weights, packed where they are not mapped. The bytes of both, and how many were
  /// mapped.
  struct Start {
    std::string bytes;
    int n_mapped = 0;
  };
  Start start() {
    PackedCache cache(sdk::Host(&api_), directory_);
    std::vector<std::unique_ptr<Weight>> weights;
    Start made;
    for (const char* name : {"first", "second"}) weights.push_back(cache.create(describe(name)));
    for (const auto& weight : weights) {
      made.n_mapped += weight->is_mapped();
      if (!weight->is_mapped()) weight->put(0, 0, data_.tile());
      cache.finished(*weight);
    }
    for (const auto& weight : weights) {
      made.bytes.append(reinterpret_cast<const char*>(weight->data()), weight->bytes());
      cache.freed(*weight);
    }
    return made;
  }

  /// Writes over the file at `offset`.
  void damage(std::uint64_t offset, const std::string& bytes) {
    std::fstream file(path(), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(offset));
    file << bytes;
    ASSERT_TRUE(file.good());
  }
  /// The next start packs, says so once, and mends what it found.
  void expect_packed_anew(const std::string& says) {
    const std::string bytes = start().bytes;
    ASSERT_EQ(warnings_.size(), 1u);
    EXPECT_NE(warnings_[0].find(says), std::string::npos) << warnings_[0];
    const Start next = start();
    EXPECT_EQ(next.n_mapped, 2);
    EXPECT_EQ(next.bytes, bytes);
    EXPECT_EQ(warnings_.size(), 1u);
  }

  conformance::TestHost plain_{1};
  wick_host_api api_;
  std::string directory_, content_ = kContent;
  conformance::Random random_{7};
  WeightData data_ =
      conformance::random_weight(conformance::gguf_classes()[7].storage, kRows, kCols, random_);
  wick_weight_origin origin_ = sdk::make<wick_weight_origin>();
  std::vector<std::string> warnings_, notes_;
};

TEST_F(PackedCacheTest, MapsAtTheSecondStartWhatTheFirstPacked) {
  const Start first = start();
  EXPECT_EQ(first.n_mapped, 0);
  const Start second = start();
  EXPECT_EQ(second.n_mapped, 2);
  EXPECT_EQ(first.bytes, second.bytes);
  ASSERT_EQ(notes_.size(), 2u);
  EXPECT_NE(notes_[0].find("kept in"), std::string::npos);
  EXPECT_NE(notes_[1].find("mapped from"), std::string::npos);
  EXPECT_TRUE(warnings_.empty());
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_), {}), 1);
}

TEST_F(PackedCacheTest, RefusesToFillAMappedWeight) {
  start();
  PackedCache cache(sdk::Host(&api_), directory_);
  const auto weight = cache.create(describe("first"));
  ASSERT_TRUE(weight->is_mapped());
  EXPECT_THROW(weight->put(0, 0, data_.tile()), Error);
  cache.freed(*weight);
}

TEST_F(PackedCacheTest, PacksAnewWhatHasAnotherLayout) {
  start();
  data_ = conformance::random_weight(conformance::gguf_classes()[0].storage, kRows, kCols, random_);
  EXPECT_EQ(start().n_mapped, 0);
  EXPECT_EQ(start().n_mapped, 2);
}

TEST_F(PackedCacheTest, KeepsModelsApart) {
  start();
  content_ = "fedcba9876543210";
  EXPECT_EQ(start().n_mapped, 0);
  std::filesystem::copy_file(path(), directory_ + "/0.wickpack");
  content_ = "0";
  start();
  ASSERT_EQ(warnings_.size(), 1u);
  EXPECT_NE(warnings_[0].find("of another model"), std::string::npos);
}

TEST_F(PackedCacheTest, RefusesAnOriginThatLeadsElsewhere) {
  for (const char* content : {"", "../x", "a/b", "A", "."}) {
    content_ = content;
    PackedCache cache(sdk::Host(&api_), directory_);
    EXPECT_THROW(cache.create(describe("first")), Error) << content;
  }
}

TEST_F(PackedCacheTest, IgnoresAnotherVersion) {
  start();
  damage(offsetof(PackedHeader, version), std::string("\x63\0\0\0", 4));
  expect_packed_anew("another version");
}

TEST_F(PackedCacheTest, IgnoresAnotherFile) {
  start();
  damage(0, "GGUF");
  expect_packed_anew("no file of packed weights");
}

TEST_F(PackedCacheTest, IgnoresAFileThatIsCut) {
  start();
  std::filesystem::resize_file(path(), std::filesystem::file_size(path()) - 1);
  expect_packed_anew("cut");
}

TEST_F(PackedCacheTest, IgnoresAnEmptyFile) {
  start();
  std::filesystem::resize_file(path(), 0);
  expect_packed_anew("cut");
}

TEST_F(PackedCacheTest, IgnoresADamagedIndex) {
  start();
  damage(std::filesystem::file_size(path()) - 8, "damaged!");
  expect_packed_anew("check sum");
}

TEST_F(PackedCacheTest, IgnoresAFileThatOthersMayWrite) {
  start();
  std::filesystem::permissions(path(), std::filesystem::perms::others_write,
                               std::filesystem::perm_options::add);
  expect_packed_anew("others could have written");
}

/// Every number of the index is checked though its sum is right.
TEST_F(PackedCacheTest, IgnoresAWeightThatLiesOutside) {
  start();
  std::string bytes(std::filesystem::file_size(path()), '\0');
  std::ifstream(path(), std::ios::binary).read(bytes.data(), static_cast<long>(bytes.size()));
  PackedHeader header;
  std::memcpy(&header, bytes.data(), sizeof header);
  std::string index = bytes.substr(header.index_at);
  PackedRecord record;
  std::memcpy(&record, index.data(), sizeof record);
  record.n_bytes = UINT64_MAX - 4095;
  std::memcpy(index.data(), &record, sizeof record);
  header.check = packed_check(header, index);
  damage(header.index_at, index);
  damage(0, std::string(reinterpret_cast<const char*>(&header), sizeof header));
  expect_packed_anew("lies outside");
}

TEST_F(PackedCacheTest, GoesOnWhereNothingCanBeWritten) {
  std::ofstream(directory_) << "no folder";
  EXPECT_EQ(start().n_mapped, 0);
  EXPECT_EQ(warnings_.size(), 2u);  // neither opened nor written
  EXPECT_NE(warnings_[1].find("the next start will pack again"), std::string::npos);
}

TEST_F(PackedCacheTest, WritesNothingOfALoadThatWasGivenUp) {
  {
    PackedCache cache(sdk::Host(&api_), directory_);
    const auto first = cache.create(describe("first"));
    const auto second = cache.create(describe("second"));
    cache.finished(*first);
    cache.freed(*first);
    cache.finished(*second);
    cache.freed(*second);
  }
  EXPECT_FALSE(std::filesystem::exists(path()));
}

}  // namespace
}  // namespace wick::cpu
