// See faulty_driver.h.
#include "faulty_driver.h"

#include <wick/error.h>

#include <dlfcn.h>

#include <cstdlib>

#include "no_device.h"

namespace wick {
namespace {

constexpr const char* kFolder = WICK_TEST_BINARY_DIR "/tests/vulkan_layer";

template <class Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  if (!function) fail(ErrorCode::kInternal, name, " is not in the layer");
}

}  // namespace

FaultyDriver& FaultyDriver::instance() {
  static FaultyDriver driver;
  return driver;
}

FaultyDriver::FaultyDriver() {
  ::setenv("VK_LAYER_PATH", kFolder, 1);
  ::setenv("VK_INSTANCE_LAYERS", "VK_LAYER_WICK_faults", 1);
  void* library = ::dlopen((std::string(kFolder) + "/vulkan_faults.so").c_str(), RTLD_NOW);
  if (!library) fail(ErrorCode::kInternal, "the layer cannot be opened: ", ::dlerror());
  find(library, "wick_faults_set", set_);
  find(library, "wick_faults_bytes", bytes_);
  find(library, "wick_faults_most_bytes", most_bytes_);
  find(library, "wick_faults_live", n_live_);
  find(library, "wick_faults_calls", n_calls_);
}

void WithFaultyDriver::start(const std::string& words) {
  runtime_.reset();
  driver_.set(words);
  runtime_ = std::make_unique<Runtime>(test_runtime_options(2));
}

void WithFaultyDriver::SetUp() {
  start("");
  const std::string missing = no_device(runtime_->registry(), "vulkan");
  if (!missing.empty()) GTEST_SKIP() << missing;
}

}  // namespace wick
