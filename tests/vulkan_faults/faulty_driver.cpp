// See faulty_driver.h.
#include "faulty_driver.h"

#include <wick/error.h>

#include <dlfcn.h>

#include <cstdlib>

#include "no_device.h"

namespace wick {
namespace {

/// How a loader learns of the layer.
void name_layer(const std::string& file) {
  if (std::string(kBackend) == "vulkan") {
    ::setenv("VK_LAYER_PATH", file.substr(0, file.rfind('/')).c_str(), 1);
    ::setenv("VK_INSTANCE_LAYERS", "VK_LAYER_WICK_faults", 1);
  } else {
    ::setenv("OPENCL_LAYERS", file.c_str(), 1);
  }
}

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
  name_layer(WICK_FAULTY_LAYER);
  void* library = ::dlopen(WICK_FAULTY_LAYER, RTLD_NOW);
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
  const std::string missing = no_device(runtime_->registry(), kBackend);
  if (!missing.empty()) GTEST_SKIP() << missing;
}

}  // namespace wick
