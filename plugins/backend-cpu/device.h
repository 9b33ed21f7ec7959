// What the machine is: its name, its memory, and the best kernels that it runs.
#pragma once

#include <wick/sdk/host.h>

#include <cstdint>
#include <string>

#include "isa.h"

namespace wick::cpu {

struct MemoryState {
  std::uint64_t total, free;  ///< bytes, or WICK_UNKNOWN
};

class Device {
 public:
  /// isa: the name of an instruction set, or empty: the best. Throws kUnavailable for one that does
  /// not run here.
  Device(const sdk::Host& host, const std::string& isa);
  const std::string& name() const noexcept { return name_; }
  const std::string& description() const noexcept { return description_; }
  const Kernels& kernels() const noexcept { return kernels_; }
  static MemoryState memory();

 private:
  Kernels kernels_;
  std::string name_, description_;
};

}  // namespace wick::cpu
