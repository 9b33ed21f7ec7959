// Several samples of some milliseconds each, so that a submission's own time does not count. For
// arithmetic the fastest counts, since nothing can make it too fast; for memory the median.
#include "device_limits.h"

#include <wick/abi/base.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>

#include "ops/table.h"

namespace wick::vulkan {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kSamples = 5;
constexpr double kSampleSeconds = 0.01;
constexpr std::uint64_t kMostReadBytes = std::uint64_t{512} << 20,
                        kLeastReadBytes = std::uint64_t{32} << 20;
constexpr std::uint32_t kWords = 16;         // of 16 bytes, that a thread of limit_read.comp reads
constexpr std::uint32_t kWorkgroups = 1024;  // of the other shaders: many for every core

struct ReadPush {
  std::uint64_t from, never;
};

struct MacPush {
  std::uint64_t from, never;
  std::uint32_t n_rounds;
  float x, y;
  std::uint32_t padding = 0;
};

/// One of the shaders that multiply.
struct MacLoop {
  Shader shader;
  std::uint32_t macs_per_round;  // of a thread
  float x, y;
};

class Meter {
 public:
  Meter(Device& device, Pipelines& pipelines)
      : device_(device),
        pipelines_(pipelines),
        commands_(device),
        threads_(device.can().max_workgroup >= 2 * kThreads ? 2 * kThreads : kThreads),
        never_(device, sizeof(std::uint32_t), Place::kDevice) {}

  std::uint64_t bytes_per_second(std::uint64_t n_bytes);
  std::uint64_t macs_per_second(const MacLoop& loop);

 private:
  template <class Push>
  void dispatch(VkCommandBuffer commands, const Push& push, std::uint32_t n_groups) {
    const DeviceApi& api = device_.api();
    api.CmdPushConstants(commands, pipelines_.layout(), VK_SHADER_STAGE_COMPUTE_BIT, 0, sizeof push,
                         &push);
    api.CmdDispatch(commands, n_groups, 1, 1);
  }
  void bind(VkCommandBuffer commands, Shader shader) {
    device_.api().CmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_COMPUTE,
                                  pipelines_.get(shader, threads_, {}));
  }
  double seconds_of(const std::function<void(VkCommandBuffer)>& record);
  /// Of n times the work, n being such that they fill a sample; the shortest first.
  std::array<double, kSamples> sorted_seconds(
      const std::function<void(VkCommandBuffer, std::uint32_t)>& record, std::uint32_t& n);

  Device& device_;
  Pipelines& pipelines_;
  Commands commands_;
  std::uint32_t threads_;
  Memory never_;
};

double Meter::seconds_of(const std::function<void(VkCommandBuffer)>& record) {
  VkCommandBuffer commands = commands_.begin();
  record(commands);
  full_barrier(device_.api(), commands);
  commands_.end();
  const Clock::time_point begin = Clock::now();
  commands_.submit();
  commands_.wait();
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::array<double, kSamples> Meter::sorted_seconds(
    const std::function<void(VkCommandBuffer, std::uint32_t)>& record, std::uint32_t& n) {
  constexpr std::uint32_t kMost = 1u << 20;
  const auto run = [&] { return seconds_of([&](VkCommandBuffer c) { record(c, n); }); };
  // By doubling, as the clock of a device rises with its work.
  for (n = 1; n < kMost && run() < kSampleSeconds;) n *= 2;
  std::array<double, kSamples> seconds{};
  std::generate(seconds.begin(), seconds.end(), run);
  std::sort(seconds.begin(), seconds.end());
  return seconds;
}

std::uint64_t rate(double amount, double seconds) {
  return static_cast<std::uint64_t>(amount / std::max(seconds, 1e-9));
}

std::uint64_t Meter::macs_per_second(const MacLoop& loop) {
  std::uint32_t n_rounds = 0;
  const auto taken = sorted_seconds(
      [&](VkCommandBuffer commands, std::uint32_t n) {
        bind(commands, loop.shader);
        dispatch(commands, MacPush{0, never_.address(), n, loop.x, loop.y}, kWorkgroups);
      },
      n_rounds);
  return rate(static_cast<double>(n_rounds) * loop.macs_per_round * threads_ * kWorkgroups,
              taken.front());
}

std::uint64_t Meter::bytes_per_second(std::uint64_t n_bytes) {
  const std::uint64_t of_group = std::uint64_t{threads_} * kWords * 16;
  const auto n_groups = static_cast<std::uint32_t>(n_bytes / of_group);
  const Memory memory(device_, n_groups * of_group, Place::kDevice);
  device_.run_once([&](VkCommandBuffer commands) {
    device_.api().CmdFillBuffer(commands, memory.buffer(), 0, VK_WHOLE_SIZE, 0x9e3779b9u);
    full_barrier(device_.api(), commands);
  });
  std::uint32_t n_times = 0;
  const auto taken = sorted_seconds(
      [&](VkCommandBuffer commands, std::uint32_t n) {
        bind(commands, Shader::limit_read);
        for (std::uint32_t i = 0; i < n; ++i)
          dispatch(commands, ReadPush{memory.address(), never_.address()}, n_groups);
      },
      n_times);
  return rate(static_cast<double>(n_groups * of_group) * n_times, taken[kSamples / 2]);
}

/// More than caches hold, where the memory is there; less where the device has no more to give.
std::uint64_t read_rate(Meter& meter, const Device& device, std::uint64_t free_bytes) {
  const std::uint64_t wanted = device.can().is_cpu ? 2 * kLeastReadBytes : kMostReadBytes;
  std::uint64_t n_bytes = std::min(wanted, free_bytes / 4);
  for (; n_bytes >= kLeastReadBytes; n_bytes /= 2) {
    try {
      return meter.bytes_per_second(n_bytes);
    } catch (const Error& e) {
      if (e.code() != ErrorCode::kOutOfMemory) throw;
    }
  }
  return WICK_UNKNOWN;
}

}  // namespace

Limits measure_device(Device& device, Pipelines& pipelines, std::uint64_t free_bytes) {
  const Capabilities& can = device.can();
  Meter meter(device, pipelines);
  Limits limits{read_rate(meter, device, free_bytes), WICK_UNKNOWN, WICK_UNKNOWN, WICK_UNKNOWN, ""};
  if (can.integer_dot) {
    limits.int8_macs = meter.macs_per_second({Shader::limit_dots, 8 * 16 * 4, 0.7f, 0});
    limits.description += "integer dot product, ";
  }
  if (can.matrices != Matrices::kNone) {
    // A subgroup multiplies 2 * 4 * 2 matrices of 16 by 16 by 16 in a round.
    limits.f16_macs = meter.macs_per_second(
        {Shader::limit_matrices, 2 * 2 * 4 * 16 * 16 * 16 / kMatrixSubgroup, 0.5f, 0.25f});
    limits.description += std::string("cooperative matrices (") + name_of(can.matrices) + "), ";
  }
  limits.f32_macs = meter.macs_per_second({Shader::limit_f32, 8 * 4 * 4, 0.999f, 0.001f});
  limits.description += "fma of f32";
  return limits;
}

}  // namespace wick::vulkan
