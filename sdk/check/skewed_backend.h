// A backend behind a table that passes every struct on as the played host would. To the kit it
// looks like any other backend.
#pragma once

#include "conformance/device.h"

#include <wick/abi/backend.h>
#include <wick/abi/host.h>

namespace wick::check {

class SkewedBackend {
 public:
  explicit SkewedBackend(const wick_provider& provider);

  conformance::Device device(std::uint32_t index, const std::string& name) {
    return {&table_, this, index, name};
  }
  const wick_backend_v1& real() const noexcept { return *real_; }
  void* self() const noexcept { return self_; }
  /// 0 too where there is no driver.
  std::uint32_t n_devices() const;

 private:
  void fill_devices();
  void fill_weights();
  void fill_states();
  void fill_buffers();
  void fill_plans();

  const wick_backend_v1* real_;
  void* self_;
  wick_backend_v1 table_;
};

}  // namespace wick::check
