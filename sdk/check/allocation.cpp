// All forms of operator new come down to one function, all forms of delete to free().
#include "allocation.h"

#include "callers.h"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace wick::check {
namespace {

std::atomic<std::uint64_t> countdown{0};
std::atomic<bool> failed{false};
thread_local bool plugin_runs = false;

/// caller: where the call of operator new returns to.
void* allocate(std::size_t n_bytes, std::size_t alignment, const void* caller) noexcept {
  if (plugin_runs && countdown > 0 && is_call_of_plugin(caller) && --countdown == 0) {
    failed = true;
    return nullptr;
  }
  if (n_bytes == 0) n_bytes = 1;
  if (alignment <= alignof(std::max_align_t)) return std::malloc(n_bytes);
  return std::aligned_alloc(alignment, (n_bytes + alignment - 1) / alignment * alignment);
}

void* allocate_or_throw(std::size_t n_bytes, std::size_t alignment, const void* caller) {
  if (void* memory = allocate(n_bytes, alignment, caller)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void fail_allocation(std::uint64_t n) noexcept {
  countdown = n;
  failed = false;
}
bool allocation_failed() noexcept {
  return failed;
}

PluginRuns::PluginRuns() noexcept : before_(plugin_runs) {
  plugin_runs = true;
}
PluginRuns::~PluginRuns() {
  plugin_runs = before_;
}
HostRuns::HostRuns() noexcept : before_(plugin_runs) {
  plugin_runs = false;
}
HostRuns::~HostRuns() {
  plugin_runs = before_;
}

}  // namespace wick::check

using wick::check::allocate;
using wick::check::allocate_or_throw;

#define WICK_CHECK_EXPORT __attribute__((visibility("default")))
#define WICK_CALLER __builtin_return_address(0)

WICK_CHECK_EXPORT void* operator new(std::size_t n) {
  return allocate_or_throw(n, 1, WICK_CALLER);
}
WICK_CHECK_EXPORT void* operator new[](std::size_t n) {
  return allocate_or_throw(n, 1, WICK_CALLER);
}
WICK_CHECK_EXPORT void* operator new(std::size_t n, std::align_val_t a) {
  return allocate_or_throw(n, static_cast<std::size_t>(a), WICK_CALLER);
}
WICK_CHECK_EXPORT void* operator new[](std::size_t n, std::align_val_t a) {
  return allocate_or_throw(n, static_cast<std::size_t>(a), WICK_CALLER);
}
WICK_CHECK_EXPORT void* operator new(std::size_t n, const std::nothrow_t&) noexcept {
  return allocate(n, 1, WICK_CALLER);
}
WICK_CHECK_EXPORT void* operator new[](std::size_t n, const std::nothrow_t&) noexcept {
  return allocate(n, 1, WICK_CALLER);
}
WICK_CHECK_EXPORT void* operator new(std::size_t n, std::align_val_t a,
                                     const std::nothrow_t&) noexcept {
  return allocate(n, static_cast<std::size_t>(a), WICK_CALLER);
}
WICK_CHECK_EXPORT void* operator new[](std::size_t n, std::align_val_t a,
                                       const std::nothrow_t&) noexcept {
  return allocate(n, static_cast<std::size_t>(a), WICK_CALLER);
}
WICK_CHECK_EXPORT void operator delete(void* memory) noexcept {
  std::free(memory);
}
WICK_CHECK_EXPORT void operator delete[](void* memory) noexcept {
  std::free(memory);
}
WICK_CHECK_EXPORT void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
WICK_CHECK_EXPORT void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
WICK_CHECK_EXPORT void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
WICK_CHECK_EXPORT void operator delete[](void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
WICK_CHECK_EXPORT void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
WICK_CHECK_EXPORT void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
