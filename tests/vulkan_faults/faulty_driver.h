// A runtime whose driver fails as a test says, by a layer: that of this folder for Vulkan, that of
// ../opencl_faults for OpenCL, each for a program of its own. Not a test.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "session_rows.h"

namespace wick {

inline constexpr const char* kBackend = WICK_FAULTY_BACKEND;
/// What it says of a device that is lost, and of a kernel that the driver does not compile.
inline constexpr const char* kLost = WICK_FAULTY_LOST;
inline constexpr const char* kNotCompiled = WICK_FAULTY_COMPILE;

/// The layer, loaded into this process and named to the driver's loader here and in children.
class FaultyDriver {
 public:
  static FaultyDriver& instance();

  /// See layer/faults.h; counts from here.
  void set(const std::string& words) const { set_(words.c_str()); }
  std::uint64_t bytes() const { return bytes_(); }            ///< of devices' memory, now
  std::uint64_t most_bytes() const { return most_bytes_(); }  ///< since set()
  std::uint64_t n_live() const { return n_live_(); }          ///< allocations that are not freed
  std::uint64_t n_allocations() const { return n_calls_(0); }
  std::uint64_t n_submissions() const { return n_calls_(1); }
  std::uint64_t n_waits() const { return n_calls_(2); }
  std::uint64_t n_pipelines() const { return n_calls_(3); }

 private:
  FaultyDriver();
  void (*set_)(const char*);
  std::uint64_t (*bytes_)();
  std::uint64_t (*most_bytes_)();
  std::uint64_t (*n_live_)();
  std::uint64_t (*n_calls_)(std::uint32_t);
};

/// A driver without faults, and a fresh runtime, for each test; skips where no device is.
class WithFaultyDriver : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override { driver_.set(""); }
  /// A runtime of new instances and devices, under such faults.
  void start(const std::string& words);

  FaultyDriver& driver_ = FaultyDriver::instance();
  std::unique_ptr<Runtime> runtime_;
};

}  // namespace wick
