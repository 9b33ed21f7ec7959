// One device of a backend plugin, in C++: calls over the contract that throw, handles that free
// themselves.
#pragma once

#include <wick/abi/backend.h>
#include <wick/sdk/guard.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugins/provider.h"

namespace wick {

struct DeviceFacts {
  std::string id, name, description;
  std::uint64_t memory_total = WICK_UNKNOWN, memory_free = WICK_UNKNOWN, bandwidth = WICK_UNKNOWN;
  std::uint32_t row_tile = 1;
  bool caches_weights = false;      ///< wants to know the origin of weights
  bool shares_host_memory = false;  ///< its memory is the host's
  /// What is free, or all that there is where the device does not tell; WICK_UNKNOWN: neither is
  /// known.
  std::uint64_t memory_at_hand() const noexcept {
    return memory_free == WICK_UNKNOWN ? memory_total : memory_free;
  }
};

/// What a device can do at most, per second, as it measured itself; WICK_UNKNOWN for what it
/// cannot.
struct DeviceLimits {
  std::uint32_t n_threads = 0;  ///< of the host's that took part
  std::uint64_t read_bytes = WICK_UNKNOWN;
  std::uint64_t int8_macs = WICK_UNKNOWN, f16_macs = WICK_UNKNOWN, bf16_macs = WICK_UNKNOWN,
                f32_macs = WICK_UNKNOWN;  ///< multiply-adds
  std::string description;                ///< by which instructions, for people
};

/// Cheap to copy; valid as long as the Registry that the provider is of.
class Device {
 public:
  Device(const Provider& provider, std::uint32_t index)
      : backend_(provider.id),
        table_(backend_table(provider)),
        self_(provider.self),
        index_(index) {}
  /// Every device of a backend. Errors: what the backend says.
  static std::vector<Device> all(const Provider& provider);

  const std::string& backend() const noexcept { return backend_; }
  const wick_backend_v1& table() const noexcept { return *table_; }
  void* self() const noexcept { return self_; }
  std::uint32_t index() const noexcept { return index_; }

  DeviceFacts facts() const;
  wick_bytes estimate(const wick_segment_request& request) const;
  /// Keeps the device and n_threads threads (0: all) busy for about a second. Nothing where the
  /// backend cannot measure.
  std::optional<DeviceLimits> measure_limits(std::uint32_t n_threads) const;

  /// Calls function(self, arguments..., error) and throws what it reports.
  template <class Function, class... Arguments>
  void call(Function function, Arguments... arguments) const {
    sdk::check([&](wick_error* e) { return function(self_, arguments..., e); });
  }

 private:
  std::string backend_;
  const wick_backend_v1* table_;
  void* self_;
  std::uint32_t index_;
};

/// Frees a backend's handle by the function of its table.
template <class Handle>
struct HandleFree {
  void (*free)(void* self, Handle* handle) noexcept = nullptr;
  void* self = nullptr;
  void operator()(Handle* handle) const noexcept { free(self, handle); }
};
template <class Handle>
using Owned = std::unique_ptr<Handle, HandleFree<Handle>>;

/// Takes over what a call made.
template <class Handle>
Owned<Handle> own(const Device& device, Handle* handle, void (*free)(void*, Handle*) noexcept) {
  return Owned<Handle>(handle, HandleFree<Handle>{free, device.self()});
}

}  // namespace wick
