// The first device of this machine for tests; they are skipped where there is none. Not a test.
#pragma once

#include <gtest/gtest.h>

#include <wick/error.h>

#include <memory>

#include "device.h"

namespace wick::opencl {

class ADevice : public ::testing::Test {
 protected:
  void SetUp() override {
    try {
      devices_ = find_devices();
    } catch (const Error& e) {
      GTEST_SKIP() << "no opencl device: " << e.what();
    }
    if (devices_.empty()) GTEST_SKIP() << "no opencl device: the drivers have none";
    device_ = std::make_unique<Device>(devices_.front(), false);
  }

  std::vector<PhysicalDevice> devices_;
  std::unique_ptr<Device> device_;
};

template <class Call>
ErrorCode error_of(const Call& call) {
  try {
    call();
  } catch (const Error& e) {
    return e.code();
  }
  return ErrorCode::kOk;
}

}  // namespace wick::opencl
