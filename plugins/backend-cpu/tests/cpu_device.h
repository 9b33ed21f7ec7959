// The backend in a host of its own, with a chosen instruction set and number of threads. For tests.
#pragma once

#include "conformance/device.h"
#include "conformance/test_host.h"

#include <cstdlib>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "backend.h"
#include "isa.h"

namespace wick::cpu {

class CpuDevice {
 public:
  /// kv_type may be empty, as the user's option.
  CpuDevice(const std::string& isa, std::uint32_t n_threads, const std::string& kv_type = "")
      : host_(n_threads, {{"isa", isa}, {"kv-type", kv_type}}), device_(made(host_)) {}
  const conformance::Device& device() const { return device_; }
  const wick_backend_v1& table() const {
    return *static_cast<const wick_backend_v1*>(host_.provider("backend", "cpu").vtable);
  }
  void* self() const { return host_.provider("backend", "cpu").self; }

 private:
  static conformance::Device made(const conformance::TestHost& host) {
    sdk::register_backend(sdk::Host(host.api()), "cpu",
                          std::make_unique<CpuBackend>(sdk::Host(host.api())));
    const wick_provider& provider = host.provider("backend", "cpu");
    return {static_cast<const wick_backend_v1*>(provider.vtable), provider.self, 0, "cpu"};
  }
  conformance::TestHost host_;
  conformance::Device device_;
};

/// All that run here, or the one that WICK_TEST_ISA names: an emulated CPU is slow, and of each a
/// single one is of interest. Where that does not run, its device cannot be made.
inline std::vector<std::string> isa_names() {
  if (const char* chosen = std::getenv("WICK_TEST_ISA")) return {chosen};
  std::vector<std::string> names;
  for (const Kernels& kernels : usable_kernels()) names.emplace_back(kernels.name);
  return names;
}

/// Name of a case parameterized by an instruction set: "x86_64_v3".
template <class Info>
std::string isa_case_name(const Info& info) {
  std::string name = info.param;
  for (char& c : name)
    if (c == '-') c = '_';
  return name;
}

}  // namespace wick::cpu
