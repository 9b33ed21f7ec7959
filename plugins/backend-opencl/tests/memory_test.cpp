// Memory of a device: what the host shares is not copied, what it lends is used in place, and what
// cannot be had is said.
#include "a_device.h"
#include "buffer.h"

#include <algorithm>
#include <new>

namespace wick::opencl {
namespace {

constexpr std::uint64_t kBytes = 1 << 20;
constexpr std::align_val_t kAligned{1 << 16};

struct FreeAligned {
  void operator()(std::uint8_t* bytes) const noexcept { ::operator delete(bytes, kAligned); }
};

class DeviceMemory : public ADevice {
 protected:
  void SetUp() override {
    ADevice::SetUp();
    host_.reset(static_cast<std::uint8_t*>(::operator new(kBytes + 4096, kAligned)));
    std::fill_n(host_.get(), kBytes + 4096, std::uint8_t{7});
  }
  void fill(const Memory& memory, std::uint8_t byte) {
    device_->check(api().EnqueueFillBuffer(device_->queue(), memory.handle(), &byte, 1, 0, kBytes,
                                           0, nullptr, nullptr),
                   "clEnqueueFillBuffer");
  }
  ErrorCode import_error(std::uint8_t* bytes, std::uint64_t n_bytes) {
    return error_of([&] { Memory::imported(*device_, bytes, n_bytes); });
  }
  std::unique_ptr<std::uint8_t, FreeAligned> host_;
};

TEST_F(DeviceMemory, HasAMirrorOnlyWhereTheHostDoesNotShareIt) {
  Buffer buffer(*device_, kBytes);
  EXPECT_EQ(buffer.has_mirror(), !device_->can().shares_memory);
  ASSERT_NE(buffer.host(), nullptr);
  std::fill_n(buffer.host(), kBytes, std::uint8_t{3});
}

TEST_F(DeviceMemory, ShowsTheHostWhatTheDeviceWrote) {
  if (!device_->can().shares_memory) GTEST_SKIP() << device_->name() << " has memory of its own";
  Memory memory(*device_, kBytes);
  fill(memory, 5);
  memory.map();
  EXPECT_EQ(memory.mapped()[0], 5);
  EXPECT_EQ(memory.mapped()[kBytes - 1], 5);
  memory.mapped()[kBytes / 2] = 9;
  memory.unmap();
  EXPECT_EQ(memory.mapped(), nullptr);
  memory.map();
  EXPECT_EQ(memory.mapped()[kBytes / 2], 9);
}

TEST_F(DeviceMemory, IsTheHostsOwnWhereThatIsLent) {
  if (!device_->can().shares_memory) GTEST_SKIP() << device_->name() << " has memory of its own";
  Buffer buffer(*device_, host_.get(), kBytes);
  EXPECT_EQ(buffer.host(), host_.get());
  buffer.memory.unmap();
  fill(buffer.memory, 8);
  buffer.memory.map();
  EXPECT_EQ(host_.get()[0], 8);
  EXPECT_EQ(host_.get()[kBytes - 1], 8);
  EXPECT_EQ(host_.get()[kBytes], 7) << "what is behind it is not touched";
}

TEST_F(DeviceMemory, RefusesWhatIsNotWholePages) {
  EXPECT_EQ(import_error(host_.get() + 16, kBytes), ErrorCode::kUnavailable);
  EXPECT_EQ(import_error(host_.get(), kBytes - 16), ErrorCode::kUnavailable);
  EXPECT_EQ(import_error(host_.get(), 0), ErrorCode::kUnavailable);
}

TEST_F(DeviceMemory, SaysThatThereIsNoneForTooLargeAPiece) {
  EXPECT_EQ(error_of([&] { Memory(*device_, device_->can().max_allocation + 4096); }),
            ErrorCode::kOutOfMemory);
  EXPECT_EQ(Memory(*device_, 0).size(), 0u) << "nothing is not too much";
}

}  // namespace
}  // namespace wick::opencl
