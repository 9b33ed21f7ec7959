// See layer_split.h. All is tried with every place of embedding and output: a handful of devices
// makes a handful of cases, and estimates are asked for once.
#include "schedule/layer_split.h"

#include <fmt/format.h>
#include <wick/error.h>

#include <algorithm>
#include <exception>
#include <functional>

namespace wick {
namespace {

constexpr std::uint64_t kLeastHeadRoom = std::uint64_t{64} << 20;
constexpr double kSlowdown = 4;           // assumed, of a device against the one in front of it
constexpr double kBorderBytes = 1 << 20;  // assumed, read in the time that a border takes
constexpr std::size_t kMostTried = 4;     // of more devices only the first and the last

using Forced = std::vector<std::optional<std::uint64_t>>;

enum class Room { kAll, kWithHeadRoom };

class Splitter {
 public:
  Splitter(SegmentEstimates& estimates, const Forced& forced, const ReadCosts& costs)
      : estimates_(estimates),
        forced_(forced),
        costs_(costs),
        parts_(estimates.demand().parts),
        n_devices_(estimates.devices().size()) {}

  void check_counts() const;
  /// Errors: kOutOfMemory.
  LayerSplit split(std::size_t embedding, std::size_t output);
  double cost(const Owners& owners);

 private:
  bool fits(std::size_t device, const Owners& owners, Room room);
  std::uint32_t as_many_as_fit(std::size_t device, const Owners& owners, std::uint32_t next,
                               std::uint32_t most);
  [[noreturn]] void fail_full(std::size_t device, const Owners& owners);

  SegmentEstimates& estimates_;
  const Forced& forced_;
  const ReadCosts& costs_;
  const ModelParts& parts_;
  std::size_t n_devices_;
};

void Splitter::check_counts() const {
  std::uint64_t sum = 0;
  bool all = true;
  for (const auto& count : forced_) {
    sum += std::min<std::uint64_t>(count.value_or(0), UINT32_MAX);
    all = all && count;
  }
  if (sum > parts_.n_layers || (all && sum < parts_.n_layers))
    fail(ErrorCode::kUsage, "--layers: the counts make ", sum, ", need ", all ? "" : "at most ",
         parts_.n_layers, ", as many layers as the model has");
}

bool Splitter::fits(std::size_t device, const Owners& owners, Room room) {
  const ListedDevice& listed = estimates_.devices()[device];
  if (estimates_.device_bytes(device, owners).total() > listed.memory_limit) return false;
  const std::uint64_t free = listed.facts.memory_at_hand();
  if (free == WICK_UNKNOWN) return true;
  const std::uint64_t kept = room == Room::kWithHeadRoom ? head_room(free) : 0;
  return estimates_.pool_bytes(device, owners) <= free - kept;
}

Owners with_layers(Owners owners, std::size_t device, std::uint32_t next, std::uint32_t n) {
  std::fill_n(owners.begin() + next, n, device);
  return owners;
}

std::uint32_t Splitter::as_many_as_fit(std::size_t device, const Owners& owners, std::uint32_t next,
                                       std::uint32_t most) {
  const auto n_fit = [&](std::uint32_t n) {
    return fits(device, with_layers(owners, device, next, n), Room::kWithHeadRoom);
  };
  if (n_fit(most)) return most;
  std::uint32_t low = 0, high = most;  // low fits, or nothing does
  while (high - low > 1) {
    const std::uint32_t middle = low + (high - low) / 2;
    (n_fit(middle) ? low : high) = middle;
  }
  return low;
}

std::string mib(std::uint64_t bytes) {
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1 << 20));
}

void Splitter::fail_full(std::size_t device, const Owners& owners) {
  const ListedDevice& listed = estimates_.devices()[device];
  const PlanBytes own = estimates_.device_bytes(device, owners);
  std::string share;
  for (const PlacedSegment& segment : segments_of(owners, parts_))
    if (segment.device == device)
      share += (share.empty() ? "" : " and ") +
               describe_parts(parts_, segment.first_part, segment.last_part);
  const bool by_limit = own.total() > listed.memory_limit;
  const bool is_free_known = listed.facts.memory_free != WICK_UNKNOWN;
  const std::uint64_t others = estimates_.pool_bytes(device, owners) - own.total();
  const std::string sharing = others > 0 ? " beside " + mib(others) + " of others" : "";
  fail(ErrorCode::kOutOfMemory, "backend ", listed.name, ": the model does not fit, ",
       listed.facts.name,
       by_limit        ? " may use "
       : is_free_known ? " has free "
                       : " has ",
       mib(by_limit ? listed.memory_limit : listed.facts.memory_at_hand()), sharing, ", need ",
       mib(own.total()), " for ", share, ", of which state takes ", mib(own.state),
       "; use a smaller --ctx or a smaller model, or give layers to another device");
}

LayerSplit Splitter::split(std::size_t embedding, std::size_t output) {
  LayerSplit made{Owners(parts_.count(), kNobody), {}};
  made.owners[parts_.embedding()] = embedding;
  made.owners[parts_.output()] = output;
  std::uint32_t next = 1;
  for (std::size_t device = 0; device < n_devices_; ++device) {
    std::uint64_t n_forced_later = 0;
    bool is_last = true;  // of those that are not forced
    for (std::size_t later = device + 1; later < n_devices_; ++later) {
      n_forced_later += forced_[later].value_or(0);
      is_last = is_last && forced_[later];
    }
    const auto most = static_cast<std::uint32_t>(parts_.n_layers - (next - 1) - n_forced_later);
    const auto& forced = forced_[device];
    const std::uint32_t n = forced    ? static_cast<std::uint32_t>(*forced)
                            : is_last ? most
                                      : as_many_as_fit(device, made.owners, next, most);
    made.owners = with_layers(std::move(made.owners), device, next, n);
    made.reasons.push_back(forced                                ? LayerReason::kForced
                           : most == 0                           ? LayerReason::kNoneLeft
                           : device == 0 && n == parts_.n_layers ? LayerReason::kAllFit
                           : is_last                             ? LayerReason::kWhatIsLeft
                                                                 : LayerReason::kWhatFits);
    next += n;
  }
  for (std::size_t device = 0; device < n_devices_; ++device)
    if (!fits(device, made.owners, Room::kAll)) fail_full(device, made.owners);
  return made;
}

double Splitter::cost(const Owners& owners) {
  const auto segments = segments_of(owners, parts_);
  double sum = costs_.border * static_cast<double>(segments.size());
  for (std::size_t device = 0; device < n_devices_; ++device) {
    Owners read = owners;  // of the embedding a row is read
    read[parts_.embedding()] = kNobody;
    sum += costs_.per_byte[device] *
           static_cast<double>(estimates_.device_bytes(device, read).weights);
    // Bytes that are held and not read break ties, such as a second copy of a shared weight.
    sum += 1e-3 * static_cast<double>(estimates_.device_bytes(device, owners).weights);
  }
  return sum;
}

}  // namespace

std::uint64_t head_room(std::uint64_t memory_free) noexcept {
  return std::min(memory_free, std::max(kLeastHeadRoom, memory_free / 16));
}

ReadCosts assumed_costs(std::size_t n_devices) {
  ReadCosts costs{{}, kBorderBytes};
  double cost = 1;
  for (std::size_t i = 0; i < n_devices; ++i, cost *= kSlowdown) costs.per_byte.push_back(cost);
  return costs;
}

ReadCosts costs_of(const std::vector<std::optional<DeviceSpeed>>& speeds) {
  ReadCosts costs;
  for (const auto& speed : speeds) {
    if (!speed || speed->read_bytes <= 0) return assumed_costs(speeds.size());
    const double first = speeds.front()->read_bytes;
    costs.per_byte.push_back(first / speed->read_bytes);
    costs.border = std::max({costs.border, kBorderBytes, first * speed->run_seconds});
  }
  return costs;
}

LayerSplit split_layers(SegmentEstimates& estimates, const Forced& forced, const ReadCosts& costs) {
  Splitter splitter(estimates, forced, costs);
  splitter.check_counts();
  const std::size_t n_devices = estimates.devices().size();
  std::optional<LayerSplit> best;
  double best_cost = 0;
  std::exception_ptr refusal;
  for (std::size_t embedding = 0; embedding < n_devices; ++embedding)
    for (std::size_t output = 0; output < n_devices; ++output) {
      const auto is_tried = [&](std::size_t i) {
        return n_devices <= kMostTried || i == 0 || i + 1 == n_devices;
      };
      if (!is_tried(embedding) || !is_tried(output)) continue;
      try {
        LayerSplit made = splitter.split(embedding, output);
        const double cost = splitter.cost(made.owners);
        if (!best || cost < best_cost) {
          best = std::move(made);
          best_cost = cost;
        }
        if (best->reasons.front() == LayerReason::kAllFit && embedding + output == 0) return *best;
      } catch (const Error& e) {
        if (e.code() != ErrorCode::kOutOfMemory) throw;
        if (!refusal) refusal = std::current_exception();
      }
    }
  if (!best) std::rethrow_exception(refusal);
  return *best;
}

}  // namespace wick
