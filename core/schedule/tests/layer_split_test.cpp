// Who gets what, on devices of a few hundred units: a layer holds 110, the table and the output
// 1000 each.
#include "schedule/layer_split.h"

#include <gtest/gtest.h>
#include <wick/error.h>

#include "schedule/plan_lines.h"
#include "small_model.h"

namespace wick {
namespace {

constexpr std::uint64_t kNoLimit = WICK_UNKNOWN;
using Forced = std::vector<std::optional<std::uint64_t>>;

struct Split {
  std::vector<std::size_t> n_layers;
  std::size_t embedding = 0, output = 0;
  std::vector<PlanLine> lines;
};

Split split(const SmallModel& model, const std::vector<std::uint64_t>& limits, Forced forced = {},
            const ReadCosts& known = {}) {
  const ReadCosts costs = known.per_byte.empty() ? assumed_costs(limits.size()) : known;
  const ModelDemand demand = model.demand();
  const std::vector<ListedDevice> devices = counting_devices(limits);
  forced.resize(devices.size());
  SegmentEstimates estimates(demand, devices);
  const LayerSplit made = split_layers(estimates, forced, costs);
  Split result{std::vector<std::size_t>(devices.size(), 0), made.owners.front(), made.owners.back(),
               plan_lines(estimates, made, "whole")};
  for (std::uint32_t part = 1; part <= demand.parts.n_layers; ++part)
    ++result.n_layers[made.owners[part]];
  return result;
}

ErrorCode code_of(const SmallModel& model, const std::vector<std::uint64_t>& limits,
                  const Forced& forced = {}) {
  try {
    split(model, limits, forced);
  } catch (const Error& e) {
    return e.code();
  }
  return ErrorCode::kOk;
}

using Counts = std::vector<std::size_t>;

/// What is free is not known of the first device, all that it has is.
Counts layers_per_device(const SmallModel& model, std::uint64_t total) {
  const ModelDemand demand = model.demand();
  std::vector<ListedDevice> devices = counting_devices({kNoLimit, kNoLimit});
  devices[0].facts.memory_total = total;
  SegmentEstimates estimates(demand, devices);
  const LayerSplit made = split_layers(estimates, Forced(2), assumed_costs(2));
  Counts n_layers(2, 0);
  for (std::uint32_t part = 1; part <= demand.parts.n_layers; ++part) ++n_layers[made.owners[part]];
  return n_layers;
}

TEST(LayerSplit, ReckonsWithAllMemoryWhereWhatIsFreeIsNotKnown) {
  const SmallModel model(8);
  constexpr std::uint64_t kHeadRoom = 64;  // units
  EXPECT_EQ(layers_per_device(model, (kHeadRoom + 5 * 110 + 20) * kUnit), (Counts{5, 3}));
  EXPECT_EQ(layers_per_device(model, kNoLimit), (Counts{8, 0}));
}

TEST(LayerSplit, GivesAllToTheFirstDeviceThatHasRoom) {
  const SmallModel model(8);
  const Split made = split(model, {kNoLimit, kNoLimit});
  EXPECT_EQ(made.n_layers, (Counts{8, 0}));
  ASSERT_EQ(made.lines.size(), 1u);
  EXPECT_EQ(made.lines[0].part, "whole model");
  EXPECT_EQ(made.lines[0].bytes.total(), (2 * 1000 + 8 * 110) * kUnit);
}

TEST(LayerSplit, GivesAsManyAsFitAndTheRestToTheNext) {
  const SmallModel model(8);
  // Reading layers where they are fast is worth more than holding the table there.
  const Split made = split(model, {5 * 110 + 20, kNoLimit});
  EXPECT_EQ(made.n_layers, (Counts{5, 3}));
  EXPECT_EQ(made.embedding, 1u);
  EXPECT_EQ(made.output, 1u);
}

TEST(LayerSplit, PutsTheOutputWhereItIsReadFastest) {
  const SmallModel model(8);
  const Split made = split(model, {1000 + 2 * 110, kNoLimit});
  // The output is read for each token as layers are, the table is not.
  EXPECT_EQ(made.embedding, 1u);
  EXPECT_EQ(made.output, 0u);
  EXPECT_EQ(made.n_layers, (Counts{2, 6}));
}

TEST(LayerSplit, LeavesTheOutputWhereLayersEndOnADeviceAsFast) {
  const SmallModel model(8);
  const std::vector<std::uint64_t> limits{2000 + 3 * 110, kNoLimit};
  const Split assumed = split(model, limits), known = split(model, limits, {}, {{1, 1}, 1 << 20});
  EXPECT_EQ(assumed.output, 0u);
  EXPECT_EQ(known.output, 1u);
  EXPECT_EQ(known.lines.size(), 2u);
}

TEST(LayerSplit, ReckonsWithWhatWasMeasured) {
  const std::optional<DeviceSpeed> fast{{8e9, 1, 0.5}}, slow{{2e9, 1, 0.25}};
  const ReadCosts costs = costs_of({fast, slow, fast});
  EXPECT_EQ(costs.per_byte, (std::vector<double>{1, 4, 1}));
  EXPECT_EQ(costs.border, 4e9);
  EXPECT_EQ(costs_of({fast, std::nullopt}).per_byte, assumed_costs(2).per_byte);
}

TEST(LayerSplit, HoldsASharedWeightOnce) {
  const SmallModel model(4, true);
  const Split made = split(model, {1000 + 4 * 110, kNoLimit});
  EXPECT_EQ(made.n_layers, (Counts{4, 0}));
  EXPECT_EQ(made.embedding, made.output);
  const Split forced = split(model, {kNoLimit, kNoLimit}, {2, 2});
  std::uint64_t sum = 0;
  for (const PlanLine& line : forced.lines) sum += line.bytes.weights;
  EXPECT_EQ(sum, (1000 + 4 * 100) * kUnit);
}

TEST(LayerSplit, GivesForcedCountsAndFillsTheOthers) {
  const SmallModel model(8);
  EXPECT_EQ(split(model, {kNoLimit, kNoLimit, kNoLimit}, {std::nullopt, 3, std::nullopt}).n_layers,
            (Counts{5, 3, 0}));
  EXPECT_EQ(split(model, {220, kNoLimit, kNoLimit}, {std::nullopt, 3, std::nullopt}).n_layers,
            (Counts{2, 3, 3}));
  EXPECT_EQ(split(model, {kNoLimit, kNoLimit}, {0, std::nullopt}).n_layers, (Counts{0, 8}));
  EXPECT_EQ(split(model, {kNoLimit, kNoLimit}, {std::nullopt, 8}).n_layers, (Counts{0, 8}));
}

TEST(LayerSplit, RefusesCountsThatDoNotAddUp) {
  const SmallModel model(8);
  EXPECT_EQ(code_of(model, {kNoLimit, kNoLimit}, {9, std::nullopt}), ErrorCode::kUsage);
  EXPECT_EQ(code_of(model, {kNoLimit, kNoLimit}, {4, 3}), ErrorCode::kUsage);
  EXPECT_EQ(code_of(model, {kNoLimit, kNoLimit}, {4, 5}), ErrorCode::kUsage);
  EXPECT_EQ(code_of(model, {kNoLimit, kNoLimit}, {4, 4}), ErrorCode::kOk);
}

TEST(LayerSplit, SaysWhenTheLastDeviceHasNoRoomForWhatIsLeft) {
  const SmallModel model(8);
  EXPECT_EQ(code_of(model, {220, 220}), ErrorCode::kOutOfMemory);
  EXPECT_EQ(code_of(model, {100, kNoLimit}, {1, std::nullopt}), ErrorCode::kOutOfMemory);
}

TEST(LayerSplit, LeavesHeadRoomInWhatIsFree) {
  EXPECT_EQ(head_room(std::uint64_t{16} << 30), std::uint64_t{1} << 30);
  EXPECT_EQ(head_room(std::uint64_t{512} << 20), std::uint64_t{64} << 20);
  EXPECT_EQ(head_room(1000), 1000u);
}

TEST(LayerSplit, CountsEntriesOfOneMemoryTogether) {
  const SmallModel model(8);
  const ModelDemand demand = model.demand();
  std::vector<ListedDevice> devices = counting_devices({kNoLimit, kNoLimit});
  for (ListedDevice& device : devices) {
    device.memory_pool = "one";
    device.facts.memory_free = 2500 * kUnit;  // the model needs 2880
  }
  SegmentEstimates estimates(demand, devices);
  EXPECT_THROW(split_layers(estimates, Forced(2), assumed_costs(2)), Error);
  devices[1].memory_pool = "another";
  EXPECT_NO_THROW(split_layers(estimates, Forced(2), assumed_costs(2)));
}

}  // namespace
}  // namespace wick
