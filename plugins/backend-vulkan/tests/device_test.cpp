// A device as it is, where there is one: memory that it shares with the host, the host's own memory
// in its hands, and what it can do at most.
#include "device.h"

#include <wick/abi/base.h>
#include <wick/error.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <new>

#include "buffer.h"
#include "device_limits.h"

namespace wick::vulkan {
namespace {

constexpr std::uint64_t kBytes = 1 << 20;
constexpr std::align_val_t kAligned{1 << 16};  // what no driver wants more of

struct FreeAligned {
  void operator()(std::uint8_t* bytes) const noexcept { ::operator delete(bytes, kAligned); }
};

class ADevice : public testing::Test {
 protected:
  void SetUp() override {
    try {
      instance_ = std::make_unique<Instance>();
    } catch (const Error& e) {
      GTEST_SKIP() << e.what();
    }
    if (instance_->devices().empty()) GTEST_SKIP() << "there is no device";
    device_ = std::make_unique<Device>(*instance_, instance_->devices().front());
    host_.reset(static_cast<std::uint8_t*>(::operator new(kBytes + 4096, kAligned)));
    std::fill_n(host_.get(), kBytes + 4096, std::uint8_t{7});
  }
  bool shares() const { return device_->can().is_cpu || device_->can().is_integrated; }
  bool can_import() const { return device_->can().import_alignment > 0; }
  void fill(const Memory& memory, std::uint32_t word) {
    device_->run_once([&](VkCommandBuffer commands) {
      device_->api().CmdFillBuffer(commands, memory.buffer(), 0, VK_WHOLE_SIZE, word);
      full_barrier(device_->api(), commands);
    });
  }
  ErrorCode import_error(std::uint8_t* bytes, std::uint64_t n_bytes) {
    try {
      Memory::imported(*device_, bytes, n_bytes);
    } catch (const Error& e) {
      return e.code();
    }
    return ErrorCode::kOk;
  }

  std::unique_ptr<Instance> instance_;
  std::unique_ptr<Device> device_;
  std::unique_ptr<std::uint8_t, FreeAligned> host_;
};

TEST_F(ADevice, ThatSharesHostMemoryIsFilledInPlace) {
  if (!shares()) GTEST_SKIP() << device_->name() << " has memory of its own";
  // Weights are packed where they stay: no copy, and nothing is staged.
  const Memory memory(*device_, kBytes, Place::kDevice);
  ASSERT_NE(memory.mapped(), nullptr);
  fill(memory, 0x01020304u);
  EXPECT_EQ(memory.mapped()[kBytes - 1], 1);
  EXPECT_FALSE(Buffer(*device_, kBytes).has_mirror());
}

TEST_F(ADevice, WritesAndReadsImportedMemory) {
  if (!can_import()) GTEST_SKIP() << device_->name() << " cannot import memory";
  const Memory memory = Memory::imported(*device_, host_.get(), kBytes);
  EXPECT_EQ(memory.mapped(), host_.get());
  fill(memory, 0x01020304u);
  EXPECT_EQ(host_.get()[0], 4);
  EXPECT_EQ(host_.get()[kBytes - 1], 1);
  EXPECT_EQ(host_.get()[kBytes], 7) << "what is behind it is not touched";
  std::fill_n(host_.get(), kBytes, std::uint8_t{9});
  const Memory copy(*device_, kBytes, Place::kRead);
  device_->run_once([&](VkCommandBuffer commands) {
    const VkBufferCopy region{0, 0, kBytes};
    full_barrier(device_->api(), commands);
    device_->api().CmdCopyBuffer(commands, memory.buffer(), copy.buffer(), 1, &region);
    full_barrier(device_->api(), commands);
  });
  EXPECT_EQ(copy.mapped()[0], 9);
  EXPECT_EQ(copy.mapped()[kBytes - 1], 9);
}

TEST_F(ADevice, HandsOutABufferOverMemoryOfTheHost) {
  if (!can_import()) GTEST_SKIP() << device_->name() << " cannot import memory";
  Buffer buffer(*device_, host_.get(), kBytes);
  EXPECT_EQ(buffer.host(), host_.get());
  EXPECT_EQ(buffer.has_mirror(), !shares());
  EXPECT_NE(buffer.memory.address(), 0u);
}

TEST_F(ADevice, RefusesMemoryThatIsNotWholePages) {
  EXPECT_EQ(import_error(host_.get() + 16, kBytes), ErrorCode::kUnavailable);
  EXPECT_EQ(import_error(host_.get(), kBytes - 16), ErrorCode::kUnavailable);
  EXPECT_EQ(import_error(host_.get(), 0), ErrorCode::kUnavailable);
}

TEST_F(ADevice, MeasuresWhatItCanDoAtMost) {
  Pipelines pipelines(*device_, "");
  const auto begin = std::chrono::steady_clock::now();
  const Limits limits = measure_device(*device_, pipelines, kBytes * 1024);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  RecordProperty("seconds", std::to_string(seconds.count()));
  EXPECT_LT(seconds.count(), 20) << "a loop does not end by its time";
  for (const std::uint64_t always : {limits.read_bytes, limits.f32_macs}) {
    // A device slower than this, or faster than that, has not been built.
    EXPECT_GT(always, 1'000'000u);
    EXPECT_LT(always, 10'000'000'000'000'000u);
  }
  EXPECT_EQ(limits.int8_macs != WICK_UNKNOWN, device_->can().integer_dot);
  EXPECT_EQ(limits.f16_macs != WICK_UNKNOWN, device_->can().matrices != Matrices::kNone);
  EXPECT_NE(limits.description.find("fma of f32"), std::string::npos);
}

TEST_F(ADevice, HasNoReadRateWithoutMemoryForIt) {
  Pipelines pipelines(*device_, "");
  EXPECT_EQ(measure_device(*device_, pipelines, kBytes).read_bytes, WICK_UNKNOWN);
}

}  // namespace
}  // namespace wick::vulkan
