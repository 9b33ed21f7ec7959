// How many processors this process may use. Not about what they can do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wick {

/// Logical processors in the affinity mask, at least 1.
std::uint32_t allowed_processors();
/// Their numbers, ascending.
std::vector<int> allowed_processor_numbers();

/// Cores among them (two threads of a core count once), no more than the cgroup's quota, at
/// least 1.
std::uint32_t default_thread_count();

/// Whole processors, rounded up, that the text of a `cpu.max` file allows; nothing for "max" and
/// for text that is no quota.
std::optional<std::uint32_t> quota_of(std::string_view cpu_max);

}  // namespace wick
