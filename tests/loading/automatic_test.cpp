// What --backend auto chooses, by speeds that the test says instead of measuring.
#include <gtest/gtest.h>
#include <wick/error.h>

#include <algorithm>
#include <map>

#include "model/model_request.h"
#include "schedule/placement.h"
#include "session_rows.h"
#include "twin_runtime.h"

namespace wick {
namespace {

using Speeds = std::map<std::string, double>;  // bytes read per second, by entry

struct Choice {
  std::vector<std::string> used;  // by each line
  std::string notes;
  std::size_t n_measured = 0;
  std::uint64_t n_bytes = 0;
  ErrorCode code = ErrorCode::kOk;
  std::string sentence;
};

Choice choose(const RuntimeOptions& runtime_options, const Speeds& speeds,
              PlacementOptions options = {}) {
  Runtime runtime(runtime_options);
  const auto bound = BoundModel::open(runtime.registry(), model_file("tiny"));
  const ModelDemand demand =
      demand_of(*bound, Loaded::small_options(model_file("tiny"), 16, false));
  Choice choice;
  options.speed = [&](const ListedDevice& device) -> std::optional<DeviceSpeed> {
    ++choice.n_measured;
    const auto known = speeds.find(device.entry);
    if (known == speeds.end()) return std::nullopt;
    return DeviceSpeed{known->second, known->second, 1e-6};
  };
  try {
    const Placement placement = place(runtime.registry(), options, demand);
    for (const PlanLine& line : placement.lines) {
      choice.used.push_back(line.entry);
      choice.n_bytes += line.bytes.total();
    }
    for (const std::string& note : placement.notes) choice.notes += note + "\n";
  } catch (const Error& e) {
    choice.code = e.code();
    choice.sentence = e.what();
  }
  return choice;
}

using Entries = std::vector<std::string>;

TEST(Automatic, MeasuresNothingWhereOneBackendHasDevices) {
  const Choice alone = choose(cpu_options(), {});
  EXPECT_EQ(alone.used, Entries{"cpu"});
  EXPECT_EQ(alone.n_measured, 0u);
  EXPECT_EQ(alone.notes, "");
  const Choice without = choose(twin_options("none"), {});
  EXPECT_EQ(without.used, Entries{"cpu"});
  EXPECT_EQ(without.n_measured, 0u);
  EXPECT_EQ(without.notes, "twin: no-device, see wick plugins --why twin\n");
}

TEST(Automatic, SaysInAFewWordsThatThereIsNoDriver) {
  RuntimeOptions options = beside_cpu("devices");
  options.options["test.devices"] = "driver";
  const Choice choice = choose(options, {});
  EXPECT_EQ(choice.used, Entries{"cpu"});
  EXPECT_EQ(choice.notes, "idle: no-driver, see wick plugins --why idle\n");
  options.options["test.devices"] = "broken";
  EXPECT_EQ(choose(options, {}).notes, "idle: probe-failed, see wick plugins --why idle\n");
}

TEST(Automatic, UsesTheDeviceWhoseTokenTakesLeast) {
  const Choice fast_twin = choose(twin_options(), {{"cpu", 1e9}, {"twin:0", 2e9}, {"twin:1", 9e9}});
  EXPECT_EQ(fast_twin.used, Entries{"twin:1"});
  EXPECT_NE(fast_twin.notes.find("cpu: "), std::string::npos) << fast_twin.notes;
  EXPECT_NE(fast_twin.notes.find("ms a token instead of"), std::string::npos) << fast_twin.notes;
  const Choice fast_cpu = choose(twin_options(), {{"cpu", 9e9}, {"twin:0", 2e9}, {"twin:1", 1e9}});
  EXPECT_EQ(fast_cpu.used, Entries{"cpu"});
  EXPECT_EQ(fast_cpu.n_measured, 3u);
}

TEST(Automatic, PutsOnlyWhatDoesNotFitOnTheNextFastest) {
  PlacementOptions alone;
  alone.backends = {"twin:1"};
  const std::uint64_t needed = choose(twin_options(), {}, alone).n_bytes;
  PlacementOptions limited;
  limited.memory = {{"twin:1", needed * 6 / 10}};
  const Choice choice =
      choose(twin_options(), {{"cpu", 1e9}, {"twin:0", 1e8}, {"twin:1", 9e9}}, limited);
  ASSERT_EQ(choice.code, ErrorCode::kOk) << choice.sentence;
  const auto n_used = [&](const std::string& entry) {
    return std::count(choice.used.begin(), choice.used.end(), entry);
  };
  EXPECT_GE(n_used("twin:1"), 1);
  EXPECT_GE(n_used("cpu"), 1);
  EXPECT_EQ(n_used("twin:0"), 0);
}

TEST(Automatic, CountsADeviceOfTwoBackendsOnce) {
  const Choice choice = choose(twin_options("cpu other"), {{"cpu", 1e9}, {"twin:1", 1e8}});
  EXPECT_EQ(choice.n_measured, 2u);
  EXPECT_NE(choice.notes.find("the same device as"), std::string::npos) << choice.notes;
}

TEST(Automatic, TakesADeviceOfUnknownSpeedLast) {
  const Choice choice = choose(twin_options(), {{"cpu", 1e9}});
  EXPECT_EQ(choice.used, Entries{"cpu"});
  EXPECT_NE(choice.notes.find("its speed is not known"), std::string::npos) << choice.notes;
}

TEST(Automatic, SaysOfAnExplicitBackendThatItCannotBeUsed) {
  PlacementOptions named;
  named.backends = {"twin"};
  const Choice choice = choose(twin_options("none"), {}, named);
  EXPECT_EQ(choice.code, ErrorCode::kUnavailable);
  EXPECT_NE(choice.sentence.find("twin"), std::string::npos) << choice.sentence;
}

}  // namespace
}  // namespace wick
