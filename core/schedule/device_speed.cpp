// See device_speed.h. A small chain first: how large the large one may be depends on how slow this
// device is, and how slowly it packs.
#include "schedule/device_speed.h"

#include <algorithm>
#include <chrono>

#include "schedule/product_chain.h"
#include "schedule/speed_cache.h"

namespace wick {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kWidth = 4096;
constexpr std::uint32_t kFewTokens = 8, kMostTokens = 512;
constexpr std::uint64_t kEnoughBytes = std::uint64_t{256} << 20;  // more than caches hold
constexpr double kPackSeconds = 0.7, kReadSeconds = 0.3, kMultiplySeconds = 0.4;
constexpr std::uint32_t kReads = 6, kMultiplies = 2;

/// The whole part of x, within bounds.
std::uint32_t bounded(double x, std::uint32_t least, std::uint32_t most) {
  return x < least ? least : x > most ? most : static_cast<std::uint32_t>(x);
}

struct Pilot {
  double pack_seconds, token_seconds, few_seconds;
  std::uint64_t bytes;  // of one matrix
};

Pilot fly(const Device& device, ThreadPool& pool) {
  const Clock::time_point begin = Clock::now();
  ProductChain one(device, {kWidth, 1, kFewTokens}, pool);
  const double pack = std::chrono::duration<double>(Clock::now() - begin).count();
  one.seconds(1, 1);  // pages, clocks
  return {pack, one.seconds(1, 3), one.seconds(kFewTokens, 1), one.weight_bytes()};
}

ProductChain::Size size_for(const Pilot& pilot, std::uint64_t memory) {
  const std::uint64_t room =
      std::min(kEnoughBytes, memory == WICK_UNKNOWN ? kEnoughBytes : memory / 4);
  const double by_bytes = static_cast<double>(room) / static_cast<double>(pilot.bytes);
  const double by_packing = kPackSeconds / pilot.pack_seconds;
  const double by_reading = kReadSeconds / (pilot.token_seconds * kReads);
  const std::uint32_t n = bounded(std::min({by_bytes, by_packing, by_reading}), 1, 64);
  const double tokens =
      kMultiplySeconds / kMultiplies * kFewTokens / (pilot.few_seconds * static_cast<double>(n));
  return {kWidth, n, bounded(tokens / kFewTokens, 1, kMostTokens / kFewTokens) * kFewTokens};
}

}  // namespace

std::optional<DeviceSpeed> measure_speed(const Device& device, const DeviceFacts& facts,
                                         ThreadPool& pool) {
  if (!ProductChain::is_supported(device)) return std::nullopt;
  DeviceSpeed speed;
  ProductChain tiny(device, {256, 1, 1}, pool);
  tiny.seconds(1, 3);
  speed.run_seconds = tiny.seconds(1, 20);
  const ProductChain::Size size = size_for(fly(device, pool), facts.memory_at_hand());
  ProductChain chain(device, size, pool);
  // A run's own time is small beside these, but for a noisy clock it could be larger.
  const auto without_start = [&](double seconds) {
    return std::max(seconds - speed.run_seconds, seconds / 2);
  };
  chain.seconds(1, 1);
  speed.read_bytes =
      static_cast<double>(chain.weight_bytes()) / without_start(chain.seconds(1, kReads));
  speed.macs = static_cast<double>(chain.n_macs()) * size.max_tokens /
               without_start(chain.seconds(size.max_tokens, kMultiplies));
  return speed;
}

std::optional<DeviceSpeed> known_speed(const ListedDevice& listed, ThreadPool& pool,
                                       const std::function<void()>& measuring) {
  const SpeedCache cache(listed);
  if (auto kept = cache.load()) return kept;
  measuring();
  const auto speed = measure_speed(listed.device, listed.facts, pool);
  if (speed) cache.store(*speed);
  return speed;
}

}  // namespace wick
