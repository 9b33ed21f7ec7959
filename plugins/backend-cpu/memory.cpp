// Anonymous mappings: zeroed, page-aligned, given back at once. Weights ask for huge pages, because
// a decode step walks all of them and would spend its time in the page tables.
#include "memory.h"

#include <wick/error.h>

#include <sys/mman.h>

#include <utility>

namespace wick::cpu {
namespace {
constexpr std::uint64_t kHugeBytes = std::uint64_t{2} << 20;
}

Memory::Memory(std::uint64_t n_bytes, Pages pages) : size_(n_bytes) {
  if (n_bytes == 0) return;
  void* at = mmap(nullptr, n_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED)
    fail(ErrorCode::kOutOfMemory, "cpu: no memory for ", n_bytes,
         " bytes; use a smaller context or model");
  data_ = static_cast<std::uint8_t*>(at);
  if (pages == Pages::kHuge && n_bytes >= 2 * kHugeBytes)
    static_cast<void>(madvise(at, n_bytes, MADV_HUGEPAGE));
}

Memory::Memory(Memory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Memory& Memory::operator=(Memory&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

Memory::~Memory() {
  if (data_) munmap(data_, size_);
}

}  // namespace wick::cpu
