// A model that several devices run gives the same bytes as one that a single device runs: on the
// CPU, named more than once, a border must change nothing.
#include <gtest/gtest.h>
#include <wick/error.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "model/token_cost.h"
#include "schedule/executor.h"
#include "schedule/plan_report.h"
#include "session_rows.h"
#include "tiny_model.h"

namespace wick {
namespace {

class SplitModel : public testing::TestWithParam<std::tuple<const char*, bool>> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(path())) GTEST_SKIP() << path() << " is not here";
  }
  static std::string path() { return model_file(std::get<0>(GetParam())); }
  static ModelOptions options(std::uint32_t max_tokens = 512) {
    return Loaded::small_options(path(), max_tokens, std::get<1>(GetParam()));
  }
  /// The first n_first layers on one CPU, the rest on another.
  static ModelOptions split(std::uint32_t n_first, std::uint32_t max_tokens = 512) {
    ModelOptions two = options(max_tokens);
    two.backends = {"cpu", "cpu"};
    two.layers = {{"cpu#1", n_first}};
    return two;
  }
  static Rows reference(const Ids& ids) {
    Loaded loaded(options(), 2);
    Session session(*loaded.model);
    return append(session, session.create(), ids);
  }
  static std::uint32_t n_layers() {
    Loaded loaded(options(), 2);
    return loaded.model->facts().n_layers;
  }
};

TEST_P(SplitModel, GivesTheSameBytesWhereverItIsCut) {
  const Ids ids = prompt(75, 11);
  const Rows expected = reference(ids);
  for (std::uint32_t n = 0; n <= n_layers(); ++n) {
    Loaded loaded(split(n), 2);
    ASSERT_GE(loaded.model->executor().segments().size(), n == 0 || n == n_layers() ? 1u : 2u);
    for (std::size_t piece : {std::size_t{1}, std::size_t{7}, ids.size()}) {
      Session session(*loaded.model);
      EXPECT_EQ(in_pieces(session, session.create(), ids, piece), expected)
          << n << " layers first, pieces of " << piece;
    }
  }
}

TEST_P(SplitModel, GivesTheSameBytesInSmallBatchesAndOnThreeDevices) {
  const Ids ids = prompt(75, 11);
  const Rows expected = reference(ids);
  const std::uint32_t n = n_layers();
  for (std::uint32_t max_tokens : {1u, 33u}) {
    ModelOptions three = options(max_tokens);
    three.backends = {"cpu", "cpu", "cpu"};
    three.layers = {{"cpu#1", 1}, {"cpu#3", n - 1 - (n - 1) / 2}};
    Loaded loaded(three, 2);
    Session session(*loaded.model);
    EXPECT_EQ(append(session, session.create(), ids), expected) << "batches of " << max_tokens;
  }
}

TEST_P(SplitModel, ForksAndIsCutAndRunsBesideAnotherSequence) {
  const Ids ids = prompt(70, 11), other = prompt(70, 99);
  const Rows expected = reference(ids), expected_other = reference(other);
  Loaded loaded(split(n_layers() / 2), 2);
  Session session(*loaded.model);
  for (std::uint32_t length : {1u, 31u, 32u, 33u, 64u, 69u}) {
    const auto cut = static_cast<std::ptrdiff_t>(length);
    const SequenceId original = session.create(), beside = session.create();
    append(session, original, Ids(ids.begin(), ids.begin() + cut));
    const SequenceId fork = session.fork(original);
    append(session, fork, Ids(other.begin() + cut, other.end()));
    Rows rows[2];
    const Ids rest(ids.begin() + cut, ids.end());
    const SequenceInput inputs[] = {{original, rest, WantLogits::kAll},
                                    {beside, other, WantLogits::kAll}};
    session.evaluate(inputs, [&](std::size_t input, std::size_t, std::span<const float> logits) {
      rows[input].emplace_back(logits.begin(), logits.end());
    });
    EXPECT_EQ(rows[0], Rows(expected.begin() + cut, expected.end())) << "forked at " << length;
    EXPECT_EQ(rows[1], expected_other) << "beside one forked at " << length;
    session.truncate(fork, length);
    EXPECT_EQ(append(session, fork, rest), Rows(expected.begin() + cut, expected.end()))
        << "cut at " << length;
    for (const SequenceId id : {original, beside, fork}) session.remove(id);
  }
  EXPECT_EQ(session.state_bytes(), 0u);
}

TEST_P(SplitModel, HasTheStateAndTheWeightsOfTheWhole) {
  Loaded whole(options(), 2), halves(split(n_layers() / 2), 2);
  EXPECT_EQ(halves.model->executor().block_bytes(), whole.model->executor().block_bytes());
  const TokenCost one = whole.model->token_cost(), two = halves.model->token_cost();
  EXPECT_EQ(two.token_bytes, one.token_bytes);
  EXPECT_EQ(two.output_bytes, one.output_bytes);
  EXPECT_EQ(two.state_bytes, one.state_bytes);
  EXPECT_DOUBLE_EQ(two.position_bytes, one.position_bytes);
  EXPECT_EQ(two.token_macs.total(), one.token_macs.total());
}

std::vector<const char*> models() {
#if defined(__SANITIZE_THREAD__)
  return {"tiny"};
#elif defined(__SANITIZE_ADDRESS__)
  return {"tiny", "bundled"};
#else
  return {"tiny", "bundled", "ember-BF16", "ember-Q4_K_M", "taper-BF16", "taper-Q4_K_M"};
#endif
}

INSTANTIATE_TEST_SUITE_P(Models, SplitModel,
                         testing::Combine(testing::ValuesIn(models()), testing::Bool()),
                         [](const testing::TestParamInfo<SplitModel::ParamType>& which) {
                           std::string name = std::get<0>(which.param);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name + (std::get<1>(which.param) ? "_precise" : "_fast");
                         });

/// What a plan says, or the error's code with its sentence.
struct Planned {
  ErrorCode code = ErrorCode::kOk;
  std::string sentence;
  PlanReport plan;
};

Planned plan_with(std::vector<std::string> backends, std::vector<DeviceNumber> layers,
                  std::vector<DeviceNumber> memory = {}) {
  Runtime runtime(test_runtime_options(1));
  ModelOptions options = Loaded::small_options(model_file("bundled"), 32, false);
  options.backends = std::move(backends);
  options.layers = std::move(layers);
  options.memory = std::move(memory);
  Planned planned;
  try {
    planned.plan = plan_model(runtime, options);
  } catch (const Error& e) {
    planned.code = e.code();
    planned.sentence = e.what();
  }
  return planned;
}

TEST(Layers, ThatDoNotAddUpAreWrongUsage) {
  const std::vector<std::string> two = {"cpu", "cpu"};
  const std::vector<std::vector<DeviceNumber>> wrong = {
      {{"cpu#1", 1000}},
      {{"cpu#1", 3}, {"cpu#2", 1000}},
      {{"cpu#1", 1}, {"cpu#2", 1}},
      {{"cpu", 1}},
      {{"cpu#3", 1}},
      {{"gpu", 1}},
      {{"cpu:7", 1}},
      {{"cpu#1", 1}, {"cpu#1", 2}},
      {{"cpu#1", UINT64_MAX}, {"cpu#2", UINT64_MAX}},
  };
  for (const auto& layers : wrong) {
    const Planned planned = plan_with(two, layers);
    EXPECT_EQ(planned.code, ErrorCode::kUsage) << layers.front().device << planned.sentence;
    EXPECT_NE(planned.sentence.find("--layers"), std::string::npos) << planned.sentence;
  }
}

TEST(Layers, GoToTheDeviceThatIsNamedByItsEntryItsBackendOrItsNumber) {
  for (const char* name : {"cpu:0", "cpu:0#1"}) {
    const Planned planned = plan_with({"cpu:0", "cpu:0"}, {{"cpu:0#1", 2}});
    ASSERT_EQ(planned.code, ErrorCode::kOk) << name << planned.sentence;
    EXPECT_EQ(planned.plan.lines.at(0).entry, "cpu:0#1");
  }
  for (const char* name : {"cpu", "cpu:0", "cpu:cpu"}) {
    const Planned planned = plan_with({"cpu:0"}, {{name, 0}});
    EXPECT_EQ(planned.code, ErrorCode::kUsage) << name;  // found; and 0 layers are too few
    EXPECT_NE(planned.sentence.find("counts make 0"), std::string::npos) << planned.sentence;
  }
}

TEST(Memory, ThatIsTooSmallForAllSplitsTheModel) {
  const Planned whole = plan_with({"cpu", "cpu"}, {});
  ASSERT_EQ(whole.code, ErrorCode::kOk) << whole.sentence;
  ASSERT_EQ(whole.plan.lines.size(), 1u);
  const std::uint64_t all = whole.plan.lines[0].bytes.total();
  std::size_t n_split = 0;
  for (std::uint64_t percent : {20, 40, 60, 80, 99}) {
    const std::uint64_t limit = all * percent / 100;
    const Planned planned = plan_with({"cpu", "cpu"}, {}, {{"cpu#1", limit}});
    ASSERT_EQ(planned.code, ErrorCode::kOk) << planned.sentence;
    std::uint64_t first = 0;
    for (const PlanLine& line : planned.plan.lines)
      first += line.entry == "cpu#1" ? line.bytes.total() : 0;
    EXPECT_LE(first, limit);
    n_split += planned.plan.lines.size() > 1 ? 1 : 0;
  }
  EXPECT_GE(n_split, 4u);
}

TEST(Memory, ThatIsTooSmallOnEveryDeviceIsAnErrorThatSaysWhatToLower) {
  const Planned planned = plan_with({"cpu", "cpu"}, {}, {{"cpu#1", 1 << 20}, {"cpu#2", 1 << 20}});
  EXPECT_EQ(planned.code, ErrorCode::kOutOfMemory);
  EXPECT_NE(planned.sentence.find("--ctx"), std::string::npos) << planned.sentence;
  EXPECT_EQ(plan_with({"cpu"}, {}, {{"cpu", 1}}).code, ErrorCode::kOutOfMemory);
  EXPECT_EQ(plan_with({"cpu"}, {}, {{"gpu", 1}}).code, ErrorCode::kUsage);
}

TEST(Memory, OfOneDeviceIsSharedByAllItsEntries) {
  // Each entry may use half of what the model needs, and the plan gives no entry more.
  const std::uint64_t all = plan_with({"cpu"}, {}).plan.lines.at(0).bytes.total();
  const Planned planned =
      plan_with({"cpu", "cpu"}, {}, {{"cpu#1", all * 6 / 10}, {"cpu#2", all * 6 / 10}});
  ASSERT_EQ(planned.code, ErrorCode::kOk) << planned.sentence;
  EXPECT_GE(planned.plan.lines.size(), 2u);
}

TEST(SplitModel, LimitedInMemoryRunsAndGivesTheSameText) {
  ModelOptions options = Loaded::small_options(model_file("bundled"), 32, false);
  Loaded whole(options, 2);
  options.backends = {"cpu", "cpu"};
  options.memory = {{"cpu#1", whole.model->plan().lines.at(0).bytes.total() / 2}};
  Loaded split(options, 2);
  EXPECT_GE(split.model->executor().segments().size(), 2u);
  const Ids ids = prompt(40, 3);
  Session one(*whole.model), two(*split.model);
  EXPECT_EQ(append(two, two.create(), ids), append(one, one.create(), ids));
}

}  // namespace
}  // namespace wick
