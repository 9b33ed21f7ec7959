// What a driver does wrong, as a test asks for it, and what it was asked for. Not for how calls
// get here (layer.cpp).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace wick::vulkan_faults {

/// Calls that fail from the n-th on, counted from 1.
enum class Call { kAllocate, kSubmit, kWait, kPipeline };
inline constexpr std::size_t kCalls = 4;

/// The words of WICK_FAULTS, between spaces:
///
///   hide          no device is reported
///   find-none     the same in the loader's way, an error
///   api-1.1       devices say that they have Vulkan 1.1
///   discrete      a card with memory of its own: the host cannot map what is local to the device,
///                 and there is a second kind of memory, the host's
///   budget=BYTES  the device tells that its heap has so much room (VK_EXT_memory_budget)
///   memory=BYTES  allocations beyond so many bytes in all fail
///   allocate=N  submit=N  wait=N  pipeline=N   the N-th call and those after it fail: out of
///   device
///                 memory; device lost; device lost; an unknown error
struct Faults {
  std::atomic<bool> hides{false}, finds_none{false}, is_old{false}, is_discrete{false};
  std::atomic<std::uint64_t> budget{0}, memory{0};  ///< 0: no limit
  std::array<std::atomic<std::uint64_t>, kCalls> fails_at{};
  std::array<std::atomic<std::uint64_t>, kCalls> n_calls{};
  std::atomic<std::uint64_t> bytes{0}, most_bytes{0};  ///< of memory that is local to devices
  std::atomic<std::uint64_t> n_live{0};                ///< allocations of any memory
};

/// Of this process; WICK_FAULTS is read when it is first asked for. A word that is none ends the
/// process: a test would pass without its fault.
Faults& faults();
/// Replaces what is asked for, and counts calls and the largest size from here.
void set_faults(std::string_view words);
/// Counts a call; true where it is to fail.
bool fails(Call call);

}  // namespace wick::vulkan_faults
