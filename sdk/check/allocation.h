// Allocations that fail when they are told to. The program replaces operator new and exports it, so
// that plugins use this one, as they would use the library's.
#pragma once

#include <cstdint>

namespace wick::check {

/// The n-th allocation from now on that a plugin makes fails, counted from 1; 0: none. Those of a
/// driver that it has opened are the driver's (callers.h): few survive one that fails, and many
/// share their locks with the next call.
void fail_allocation(std::uint64_t n) noexcept;
/// Whether it came to that.
bool allocation_failed() noexcept;

/// While it lives, allocations count: a plugin runs. Nested scopes of the host stop that.
class PluginRuns {
 public:
  PluginRuns() noexcept;
  ~PluginRuns();
  PluginRuns(const PluginRuns&) = delete;
  PluginRuns& operator=(const PluginRuns&) = delete;

 private:
  bool before_;
};
class HostRuns {
 public:
  HostRuns() noexcept;
  ~HostRuns();
  HostRuns(const HostRuns&) = delete;
  HostRuns& operator=(const HostRuns&) = delete;

 private:
  bool before_;
};

}  // namespace wick::check
