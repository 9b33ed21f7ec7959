// Emitted kernels by key. Not for what they do.
#pragma once

#include <wick/sdk/host.h>

#include <future>
#include <map>
#include <mutex>
#include <string>

#include "jit/code_memory.h"
#include "jit/matmul_key.h"

namespace wick::cpu::jit {

/// y[t, r] = sum over columns of x[t] * w[r], for the tokens and whole tiles of the key's shape.
///
/// weights     the first tile; others behind it
/// x           the first token's rows; others every key.x_row_bytes
/// y           f32, of the first token and row; others every y_stride bytes
using MatmulCode = void (*)(const std::uint8_t* weights, const void* x, float* y,
                            std::uint64_t y_stride);

/// From any thread. Lives as long as the backend, and its code with it.
class KernelCache {
 public:
  /// The user's option "perf-dump" may name a folder for perf_dump.h. Throws as PerfDump.
  KernelCache(const sdk::Host& host, Isa isa)
      : host_(host), isa_(isa), memory_(host.option("perf-dump").value_or("")) {}

  Isa isa() const noexcept { return isa_; }

  /// Null where no kernel could be made: said once, in a warning. Kernels are made outside the
  /// lock; others wait for that one result.
  MatmulCode matmul(const MatmulKey& key);

 private:
  const void* make(const MatmulKey& key, const std::string& name);

  sdk::Host host_;
  Isa isa_;
  CodeMemory memory_;
  std::mutex mutex_;
  std::map<std::string, std::shared_future<const void*>> made_;
  bool warned_ = false;
};

}  // namespace wick::cpu::jit
