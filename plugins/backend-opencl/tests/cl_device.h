// The backend in a host of its own, with the user's options. For tests.
#pragma once

#include "conformance/device.h"
#include "conformance/test_host.h"

#include <memory>
#include <string>

#include "backend.h"

namespace wick::opencl {

class ClDevice {
 public:
  /// matrices, cache_folder: the options of these names; may be empty.
  explicit ClDevice(const std::string& matrices, const std::string& cache_folder = "")
      : host_(1, {{"matrices", matrices}, {"cache-folder", cache_folder}}), device_(made(host_)) {}
  const conformance::Device& device() const { return device_; }

 private:
  static conformance::Device made(const conformance::TestHost& host) {
    sdk::register_backend(sdk::Host(host.api()), "opencl",
                          std::make_unique<OpenClBackend>(sdk::Host(host.api())));
    const wick_provider& provider = host.provider("backend", "opencl");
    return {static_cast<const wick_backend_v1*>(provider.vtable), provider.self, 0, "opencl"};
  }
  conformance::TestHost host_;
  conformance::Device device_;
};

/// Why no device can be used; empty: one can.
inline std::string why_no_device() {
  try {
    find_devices();
    return "";
  } catch (const Error& e) {
    return std::string("no opencl device: ") + e.what();
  }
}

}  // namespace wick::opencl
