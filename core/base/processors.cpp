// The affinity mask, the cores behind it, and the quota of a container.
#include "base/processors.h"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <set>
#include <vector>

namespace wick {
namespace {

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// Every level above counts too, but a container sees its own as the root.
std::optional<std::uint32_t> cgroup_quota() {
  std::ifstream file("/proc/self/cgroup");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("0::/", 0) == 0)
      return quota_of(first_line("/sys/fs/cgroup" + line.substr(3) + "/cpu.max"));
  return std::nullopt;
}

}  // namespace

std::vector<int> allowed_processor_numbers() {
  // Grows until the kernel's mask fits: a fixed cpu_set_t ends at 1024.
  for (int n = 1024; n <= 1 << 18; n *= 4) {
    cpu_set_t* set = CPU_ALLOC(n);
    if (!set) break;
    const std::size_t bytes = CPU_ALLOC_SIZE(n);
    CPU_ZERO_S(bytes, set);
    std::vector<int> found;
    if (sched_getaffinity(0, bytes, set) == 0)
      for (int i = 0; i < n; ++i)
        if (CPU_ISSET_S(i, bytes, set)) found.push_back(i);
    CPU_FREE(set);
    if (!found.empty()) return found;
  }
  return {0};
}

std::uint32_t allowed_processors() {
  return static_cast<std::uint32_t>(allowed_processor_numbers().size());
}

std::optional<std::uint32_t> quota_of(std::string_view cpu_max) {
  std::uint64_t quota = 0, period = 0;
  const char* end = cpu_max.data() + cpu_max.size();
  const auto first = std::from_chars(cpu_max.data(), end, quota);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != ' ') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, period);
  if (second.ec != std::errc() || period == 0 || quota == 0) return std::nullopt;
  const std::uint64_t whole = quota / period + (quota % period != 0);
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(whole, 1u << 16));
}

std::uint32_t default_thread_count() {
  const auto processors = allowed_processor_numbers();
  std::set<std::string> cores;
  for (const int i : processors) {
    const std::string folder = "/sys/devices/system/cpu/cpu" + std::to_string(i) + "/topology/";
    const std::string siblings = first_line(folder + "thread_siblings_list");
    cores.insert(siblings.empty() ? "cpu" + std::to_string(i) : siblings);
  }
  const auto n = static_cast<std::uint32_t>(cores.size());
  return std::max(1u, std::min(n, cgroup_quota().value_or(n)));
}

}  // namespace wick
