// Several samples of some milliseconds each, so that a launch's own time does not count. For
// arithmetic the fastest counts, since nothing can make it too fast; for memory the median.
#include "device_limits.h"

#include <wick/abi/base.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace wick::opencl {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kSamples = 5;
constexpr double kSampleSeconds = 0.01;
constexpr std::uint32_t kItems = 128, kWords = 16;  // an item reads so many of 16 bytes
constexpr std::uint32_t kMacsARound = 8 * 16;       // of an item; of bytes four times as many

class Meter {
 public:
  Meter(Device& device, Kernels& kernels)
      : device_(device), kernels_(kernels), never_(device, sizeof(cl_uint)) {}

  std::uint64_t bytes_per_second(std::uint64_t n_bytes) {
    const std::uint64_t of_group = std::uint64_t{kItems} * kWords * 16, n = n_bytes / of_group;
    const Memory memory(device_, n * of_group);
    const cl_uint pattern = 0;
    device_.check(api().EnqueueFillBuffer(device_.queue(), memory.handle(), &pattern,
                                          sizeof pattern, 0, n * of_group, 0, nullptr, nullptr),
                  "clEnqueueFillBuffer");
    device_.finish();
    std::uint32_t n_times = 1;
    const auto taken = sorted_seconds(0, memory.handle(), n * kItems, n_times, true);
    return rate(static_cast<double>(n * of_group) * n_times, taken[kSamples / 2]);
  }
  std::uint64_t macs_per_second(int measure, double a_round) {
    const std::uint64_t n_items = device_.can().is_cpu ? 16 * kItems : 1024 * kItems;
    std::uint32_t n_rounds = 1;
    const auto taken = sorted_seconds(measure, never_.handle(), n_items, n_rounds, false);
    return rate(static_cast<double>(n_rounds) * a_round * static_cast<double>(n_items),
                taken.front());
  }

 private:
  static std::uint64_t rate(double amount, double seconds) {
    return static_cast<std::uint64_t>(amount / std::max(seconds, 1e-9));
  }
  /// n launches, or one of n rounds.
  double seconds_of(cl_kernel kernel, cl_mem from, std::size_t n_items, std::uint32_t n,
                    bool launches) {
    const cl_mem never = never_.handle();
    const cl_uint n_rounds = launches ? 1 : n;
    const float x = 0.999f;
    const std::size_t local = kItems;
    device_.check(api().SetKernelArg(kernel, 0, sizeof from, &from), "clSetKernelArg");
    device_.check(api().SetKernelArg(kernel, 1, sizeof never, &never), "clSetKernelArg");
    device_.check(api().SetKernelArg(kernel, 2, sizeof n_rounds, &n_rounds), "clSetKernelArg");
    device_.check(api().SetKernelArg(kernel, 3, sizeof x, &x), "clSetKernelArg");
    const Clock::time_point begin = Clock::now();
    for (std::uint32_t i = 0; i < (launches ? n : 1); ++i)
      device_.check(api().EnqueueNDRangeKernel(device_.queue(), kernel, 1, nullptr, &n_items,
                                               &local, 0, nullptr, nullptr),
                    "clEnqueueNDRangeKernel");
    device_.finish();
    return std::chrono::duration<double>(Clock::now() - begin).count();
  }
  /// Of n times the work, n being such that they fill a sample; the shortest first.
  std::array<double, kSamples> sorted_seconds(int measure, cl_mem from, std::size_t n_items,
                                              std::uint32_t& n, bool launches) {
    constexpr std::uint32_t kMost = 1u << 20;
    const Kernel kernel = kernels_.get(KernelFile::limits, {{"MEASURE", measure}});
    seconds_of(kernel->handle(), from, n_items, 1, launches);  // some drivers compile here
    const auto run = [&] { return seconds_of(kernel->handle(), from, n_items, n, launches); };
    while (n < kMost && run() < kSampleSeconds) n *= 2;
    std::array<double, kSamples> seconds{};
    std::generate(seconds.begin(), seconds.end(), run);
    std::sort(seconds.begin(), seconds.end());
    return seconds;
  }

  Device& device_;
  Kernels& kernels_;
  Memory never_;
};

/// More than caches hold, where the memory is there.
std::uint64_t read_rate(Meter& meter, const Device& device) {
  const std::uint64_t least = 32u << 20, wanted = device.can().is_cpu ? 2 * least : 16 * least;
  for (std::uint64_t n_bytes = wanted; n_bytes >= least; n_bytes /= 2) {
    try {
      return meter.bytes_per_second(n_bytes);
    } catch (const Error& e) {
      if (e.code() != ErrorCode::kOutOfMemory) throw;
    }
  }
  return WICK_UNKNOWN;
}

}  // namespace

Limits measure_device(Device& device, Kernels& kernels) {
  Meter meter(device, kernels);
  Limits limits{read_rate(meter, device), WICK_UNKNOWN, WICK_UNKNOWN, ""};
  if (device.can().integer_dot) {
    limits.int8_macs = meter.macs_per_second(2, 4.0 * kMacsARound);
    limits.description = "integer dot product, ";
  }
  limits.f32_macs = meter.macs_per_second(1, kMacsARound);
  limits.description += "multiply-add of f32";
  return limits;
}

}  // namespace wick::opencl
