// Memory for emitted code. No page of it is ever writable and executable at once: code is written
// through one mapping and run through another.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace wick::cpu::jit {

/// From any thread. Code lives as long as this.
class CodeMemory {
 public:
  /// dump_directory: where `perf` finds names, see perf_dump.h; empty: nowhere. Throws as PerfDump.
  explicit CodeMemory(const std::string& dump_directory);
  ~CodeMemory();
  CodeMemory(const CodeMemory&) = delete;
  CodeMemory& operator=(const CodeMemory&) = delete;

  /// Position-independent code to where it runs. Throws kUnavailable where the system refuses
  /// executable memory.
  const void* add(const std::vector<std::uint8_t>& code, const std::string& name);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace wick::cpu::jit
