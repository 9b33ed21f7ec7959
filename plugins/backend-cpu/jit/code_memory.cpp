// asmjit's allocator with its dual mapping (by default it maps pages writable and executable). With
// WICK_PERF_MAP=1 in the environment, names go to /tmp/perf-PID.map, where `perf` looks for them.
#include "jit/code_memory.h"

#include <asmjit/core.h>
#include <wick/error.h>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>

namespace wick::cpu::jit {
namespace {

asmjit::JitAllocator::CreateParams params() {
  asmjit::JitAllocator::CreateParams params{};
  params.options = asmjit::JitAllocatorOptions::kUseDualMapping;
  return params;
}

std::FILE* open_perf_map() {
  const char* wanted = std::getenv("WICK_PERF_MAP");
  if (!wanted || std::strcmp(wanted, "1") != 0) return nullptr;
  return std::fopen(("/tmp/perf-" + std::to_string(getpid()) + ".map").c_str(), "a");
}

}  // namespace

struct CodeMemory::Parts {
  asmjit::JitAllocator::CreateParams settings = params();
  asmjit::JitAllocator allocator{&settings};
  std::mutex mutex;
  std::FILE* perf_map = open_perf_map();
};

CodeMemory::CodeMemory() : parts_(std::make_unique<Parts>()) {}

CodeMemory::~CodeMemory() {
  if (parts_->perf_map) std::fclose(parts_->perf_map);
}

const void* CodeMemory::add(const std::vector<std::uint8_t>& code, const std::string& name) {
  const std::lock_guard<std::mutex> lock(parts_->mutex);
  void* run = nullptr;
  void* write = nullptr;
  const asmjit::Error error = parts_->allocator.alloc(&run, &write, code.size());
  if (error != asmjit::kErrorOk || run == write)
    fail(ErrorCode::kUnavailable, "cpu: the system refuses executable memory (",
         run == write && error == asmjit::kErrorOk ? "no second mapping"
                                                   : asmjit::DebugUtils::errorAsString(error),
         ")");
  std::memcpy(write, code.data(), code.size());
  asmjit::VirtMem::flushInstructionCache(run, code.size());
  if (parts_->perf_map) {
    std::fprintf(parts_->perf_map, "%zx %zx %s\n", reinterpret_cast<std::size_t>(run), code.size(),
                 name.c_str());
    std::fflush(parts_->perf_map);
  }
  return run;
}

}  // namespace wick::cpu::jit
