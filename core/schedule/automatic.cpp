// See automatic.h. A device that cannot be used is a note; only if none can it is an error.
#include "schedule/automatic.h"

#include <fmt/format.h>
#include <wick/error.h>

#include <algorithm>
#include <exception>
#include <map>

#include "plugins/device_check.h"
#include "plugins/registry.h"

namespace wick {
namespace {

constexpr double kUnknownSeconds = 1e9;

struct Candidate {
  ListedDevice listed;
  std::optional<DeviceSpeed> speed;
};

class Chooser {
 public:
  Chooser(Registry& registry, const PlacementOptions& options, const ModelDemand& demand)
      : registry_(registry), options_(options), demand_(demand) {}

  Placement choose();

 private:
  void find_devices(const std::string& backend);
  std::string why_not(const std::string& backend) const;
  bool is_left_out(const std::string& entry);
  void keep_one_of_each();
  void measure(Candidate& candidate);
  void try_all();
  void try_on(const std::vector<std::string>& entries, const std::string& reason, bool is_timed);
  std::optional<DeviceSpeed> speed_of(const ListedDevice& listed) const {
    return speeds_.at(listed.entry);
  }
  void note_unused();
  [[noreturn]] void fail_all() const;

  Registry& registry_;
  const PlacementOptions& options_;
  const ModelDemand& demand_;
  std::vector<Candidate> candidates_;  // by rank
  std::vector<std::string> notes_;     // a few words each
  std::vector<std::string> reasons_;   // sentences, for when nothing can be used
  std::optional<Placement> best_;
  double best_seconds_ = 0;
  std::map<std::string, std::optional<DeviceSpeed>> speeds_;  // of each entry, where several are
  std::map<std::string, std::string> failed_;      // why an entry alone cannot run the model
  std::map<std::string, std::string> unmeasured_;  // why an entry has no speed
  std::map<std::string, double> alone_;            // seconds of a token of one entry
  std::exception_ptr refusal_;                     // of what the user's options do not go with
};

/// One state for each: `wick plugins --why` has the sentence.
std::string Chooser::why_not(const std::string& backend) const {
  for (const PluginRow& row : registry_.rows())
    if (row.kind == "backend" && row.id == backend && row.state != PluginState::kShadowed)
      return std::string(state_name(row.state));
  return "not usable";
}

bool Chooser::is_left_out(const std::string& entry) {
  const auto found = options_.failed.find(entry);
  if (found == options_.failed.end()) return false;
  notes_.push_back(entry + ": " + found->second);
  reasons_.push_back(found->second);
  return true;
}

void Chooser::find_devices(const std::string& backend) {
  std::string state;
  try {
    const Provider provider = registry_.find("backend", backend);
    const DeviceReport report = check_devices(provider);
    if (report.state == PluginState::kLoaded) {
      const std::size_t n = Device::all(provider).size();
      for (std::size_t i = 0; i < n; ++i) {
        const std::string entry = n == 1 ? backend : fmt::format("{}:{}", backend, i);
        if (is_left_out(entry)) continue;
        candidates_.push_back({open_devices(registry_, {entry}).front(), std::nullopt});
      }
      return;
    }
    state = state_name(report.state);
    reasons_.push_back(backend + ": " + report.sentence);
  } catch (const Error& e) {
    state = why_not(backend);
    reasons_.push_back(e.what());
  }
  notes_.push_back(fmt::format("{}: {}, see wick plugins --why {}", backend, state, backend));
}

void Chooser::keep_one_of_each() {
  std::vector<Candidate> kept;
  for (Candidate& candidate : candidates_) {
    const std::string& id = candidate.listed.facts.id;
    const auto same = std::find_if(kept.begin(), kept.end(), [&](const Candidate& other) {
      return !id.empty() && other.listed.facts.id == id;
    });
    if (same == kept.end())
      kept.push_back(std::move(candidate));
    else
      notes_.push_back(
          fmt::format("{}: the same device as {}", candidate.listed.name, same->listed.name));
  }
  candidates_ = std::move(kept);
}

void Chooser::try_on(const std::vector<std::string>& entries, const std::string& reason,
                     bool is_timed) {
  PlacementOptions some = options_;
  some.backends = entries;
  some.wants_speed = is_timed || options_.wants_speed;
  if (is_timed) some.speed = [this](const ListedDevice& device) { return speed_of(device); };
  try {
    Placement made = place_on(registry_, some, demand_, reason);
    const auto rate = tokens_per_second(made.lines, &PlanLine::token_seconds);
    // What nobody could measure comes last, by rank.
    const double seconds = rate ? 1 / *rate : kUnknownSeconds;
    if (entries.size() == 1) alone_[entries.front()] = seconds;
    if (best_ && seconds >= best_seconds_) return;
    best_ = std::move(made);
    best_seconds_ = seconds;
  } catch (const Error& e) {
    if (e.code() == ErrorCode::kUsage) {
      refusal_ = std::current_exception();
    } else if (entries.size() == 1) {
      failed_[entries.front()] = e.what();
      reasons_.push_back(e.what());
    }
  }
}

void Chooser::measure(Candidate& candidate) {
  const std::string& entry = candidate.listed.entry;
  try {
    if (options_.speed) candidate.speed = options_.speed(candidate.listed);
  } catch (const Error& e) {
    unmeasured_[entry] = e.what();
  }
  speeds_[entry] = candidate.speed;
}

void Chooser::try_all() {
  for (Candidate& candidate : candidates_) measure(candidate);
  std::stable_sort(
      candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
        return (a.speed ? a.speed->read_bytes : 0) > (b.speed ? b.speed->read_bytes : 0);
      });
  std::vector<std::string> fastest;
  for (const Candidate& candidate : candidates_) {
    try_on({candidate.listed.entry}, "fastest of the devices that can run it", true);
    fastest.push_back(candidate.listed.entry);
    if (fastest.size() > 1) try_on(fastest, "fastest of the devices that can run it", true);
  }
}

void Chooser::note_unused() {
  const auto is_used = [&](const std::string& entry) {
    return std::any_of(best_->lines.begin(), best_->lines.end(),
                       [&](const PlanLine& line) { return line.entry == entry; });
  };
  for (const auto& [entry, why] : failed_)
    if (!is_used(entry)) notes_.push_back(entry + ": " + why);
  for (const auto& [entry, seconds] : alone_) {
    if (is_used(entry)) continue;
    if (seconds < kUnknownSeconds && best_seconds_ < kUnknownSeconds)
      notes_.push_back(fmt::format("{}: {:.1f} ms a token instead of {:.1f}", entry, seconds * 1e3,
                                   best_seconds_ * 1e3));
    else if (const auto why = unmeasured_.find(entry); why != unmeasured_.end())
      notes_.push_back(entry + ": its speed cannot be measured, " + why->second);
    else
      notes_.push_back(entry + ": its speed is not known");
  }
}

void Chooser::fail_all() const {
  if (refusal_) std::rethrow_exception(refusal_);
  std::string why;
  for (const std::string& reason : reasons_) why += "; " + reason;
  fail(ErrorCode::kUnavailable, "no backend can run this model",
       why.empty() ? "; none is installed, see `wick plugins`" : why);
}

Placement Chooser::choose() {
  for (const Offer& offer : registry_.offers("backend")) find_devices(offer.id);
  const bool one_backend =
      std::all_of(candidates_.begin(), candidates_.end(), [&](const Candidate& candidate) {
        return candidate.listed.device.backend() == candidates_.front().listed.device.backend();
      });
  if (!one_backend) {
    keep_one_of_each();
    try_all();
  } else if (!candidates_.empty()) {
    std::vector<std::string> entries;
    for (const Candidate& candidate : candidates_) entries.push_back(candidate.listed.entry);
    try_on({entries.front()}, "the only backend that has devices", false);
    if (!best_ && entries.size() > 1) try_on(entries, "", false);
  }
  if (!best_) fail_all();
  note_unused();
  best_->notes = std::move(notes_);
  return std::move(*best_);
}

}  // namespace

Placement place_automatically(Registry& registry, const PlacementOptions& options,
                              const ModelDemand& demand) {
  return Chooser(registry, options, demand).choose();
}

}  // namespace wick
