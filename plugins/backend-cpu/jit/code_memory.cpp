// asmjit's allocator with its dual mapping (by default it maps pages writable and executable).
#include "jit/code_memory.h"

#include <asmjit/core.h>
#include <wick/error.h>

#include <cstring>
#include <mutex>

#include "jit/perf_dump.h"

namespace wick::cpu::jit {
namespace {

asmjit::JitAllocator::CreateParams params() {
  asmjit::JitAllocator::CreateParams params{};
  params.options = asmjit::JitAllocatorOptions::kUseDualMapping;
  return params;
}

}  // namespace

struct CodeMemory::Parts {
  asmjit::JitAllocator::CreateParams settings = params();
  asmjit::JitAllocator allocator{&settings};
  std::mutex mutex;
  std::unique_ptr<PerfDump> dump;  ///< null: not asked for
};

CodeMemory::CodeMemory(const std::string& dump_directory) : parts_(std::make_unique<Parts>()) {
  if (!dump_directory.empty()) parts_->dump = std::make_unique<PerfDump>(dump_directory);
}
CodeMemory::~CodeMemory() = default;

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
  if (parts_->dump) parts_->dump->add(run, code.size(), name);
  return run;
}

}  // namespace wick::cpu::jit
