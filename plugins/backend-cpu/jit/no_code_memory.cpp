// A build without JIT (WICK_JIT=OFF): nothing is emitted, and isa.cpp offers no instruction set
// that would ask for it.
#include <wick/error.h>

#include "jit/code_memory.h"

namespace wick::cpu::jit {

struct CodeMemory::Parts {};
CodeMemory::CodeMemory(const std::string&) {}
CodeMemory::~CodeMemory() = default;

const void* CodeMemory::add(const std::vector<std::uint8_t>&, const std::string& name) {
  fail(ErrorCode::kUnavailable, "cpu: built without an assembler, and so without ", name);
}

}  // namespace wick::cpu::jit
