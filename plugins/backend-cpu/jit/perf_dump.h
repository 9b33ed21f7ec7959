// Names and bytes of emitted code for `perf`, in its jitdump format. For developers: `perf record
// -k 1`, then `perf inject --jit`. Not for running code.
#pragma once

#include <cstdint>
#include <string>

namespace wick::cpu::jit {

/// A file jit-PID.dump, which grows with every kernel. One thread at a time.
class PerfDump {
 public:
  /// Throws kUnavailable where the folder takes no file.
  explicit PerfDump(const std::string& directory);
  ~PerfDump();
  PerfDump(const PerfDump&) = delete;
  PerfDump& operator=(const PerfDump&) = delete;

  /// Code where it runs. What cannot be written is left out: a kernel without a name still runs.
  void add(const void* code, std::uint64_t n_bytes, const std::string& name) noexcept;

 private:
  int descriptor_ = -1;
  void* marker_ = nullptr;
  std::uint64_t marker_bytes_ = 0, n_kernels_ = 0;
};

}  // namespace wick::cpu::jit
