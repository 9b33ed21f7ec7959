// A model on a driver that fails: at each allocation, submission, wait and shader in turn. Each is
// one sentence that says where, and leaves no memory behind.
#include <wick/error.h>

#include "faulty_driver.h"
#include "schedule/executor.h"

namespace wick {
namespace {

using Count = std::uint64_t (FaultyDriver::*)() const;

struct Failure {
  ErrorCode code = ErrorCode::kOk;
  std::string sentence, hint;
};

class FailingDriver : public WithFaultyDriver, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    WithFaultyDriver::SetUp();
    if (!IsSkipped()) start(GetParam());
  }
  std::unique_ptr<Model> load() {
    ModelOptions options = Loaded::small_options(model_file("tiny"), 16, false);
    options.backends = {kBackend};
    return Model::load(*runtime_, options);
  }
  /// A prompt, and a token behind a fork, which copies a block.
  static Rows use(Model& model) {
    Session session(model);
    const SequenceId sequence = session.create();
    Rows rows = append(session, sequence, prompt(37, 7));
    const SequenceId fork = session.fork(sequence);
    for (auto& row : append(session, fork, {3})) rows.push_back(std::move(row));
    return rows;
  }
  Rows use_model() { return use(*load()); }
  Failure failure(const std::string& words) {
    driver_.set(GetParam() + std::string(" ") + words);
    try {
      use_model();
    } catch (const Error& e) {
      return {e.code(), e.what(), e.hint()};
    }
    return {};
  }
  /// Calls of a use without faults, of a device that is open already; not those that free the
  /// model, of which nobody is told.
  std::uint64_t calls(Count count) {
    use_model();
    driver_.set(GetParam());
    const auto model = load();
    use(*model);
    return (driver_.*count)();
  }
  /// Every call fails once, with all that follow it; `check` looks at each failure.
  template <class Check>
  void fail_each(const std::string& word, Count count, const Check& check) {
    const std::uint64_t n = calls(count), live = driver_.n_live();
    ASSERT_GT(n, 2u);
    for (std::uint64_t i = 1; i <= n; ++i) {
      const Failure made = failure(word + "=" + std::to_string(i));
      SCOPED_TRACE(word + " " + std::to_string(i) + " of " + std::to_string(n) + ": " +
                   made.sentence);
      check(made);
      EXPECT_EQ(driver_.n_live(), live);
      if (HasFailure()) return;
    }
    driver_.set(GetParam());
    EXPECT_EQ(use_model().size(), 38u);
  }
};

TEST_P(FailingDriver, NamesThePlanLineWithoutMemory) {
  fail_each("allocate", &FaultyDriver::n_allocations, [](const Failure& made) {
    EXPECT_EQ(made.code, ErrorCode::kOutOfMemory);
    const bool is_line =
        made.sentence.rfind(std::string("weights on ") + kBackend + ": ", 0) == 0 ||
        made.sentence.rfind(std::string("whole model on ") + kBackend + ": ", 0) == 0;
    EXPECT_TRUE(is_line);
    EXPECT_NE((made.sentence + made.hint).find("--ctx"), std::string::npos);
    EXPECT_NE((made.sentence + made.hint).find("--layers"), std::string::npos);
  });
}

TEST_P(FailingDriver, GoesOnWhenMemoryComesBack) {
  const Rows expected = use_model();
  const auto counted = load();
  driver_.set(GetParam());
  use(*counted);
  const std::uint64_t n = driver_.n_allocations();
  ASSERT_GT(n, 2u);  // state, and tables of every plan
  for (std::uint64_t i = 1; i <= n; ++i) {
    const auto model = load();
    driver_.set(GetParam() + std::string(" allocate=") + std::to_string(i));
    EXPECT_THROW(use(*model), Error) << i;
    driver_.set(GetParam());
    EXPECT_EQ(use(*model), expected) << i;
  }
}

/// State that is moved to where it has room may not need room for both.
TEST_P(FailingDriver, GrowsIntoWhatIsLeftAndNoMore) {
  ModelOptions options = Loaded::small_options(model_file("tiny"), 16, false);
  options.backends = {kBackend};
  options.context = 2048;
  const auto run = [&](bool is_tight) {
    driver_.set(GetParam());
    const auto model = Model::load(*runtime_, options);
    Session session(*model);
    const SequenceId id = session.create();
    Rows rows = append(session, id, prompt(40, 7));
    Executor& executor = model->executor();
    const std::uint32_t planned = 2048 / 32, n_more = planned - executor.n_blocks();
    EXPECT_GT(n_more, planned / 2);
    const std::uint64_t room = driver_.bytes() + n_more * executor.block_bytes();
    // Some lines beside, in which each piece ends.
    const std::uint64_t limit = room + (std::uint64_t{64} << 10);
    if (is_tight) driver_.set(GetParam() + std::string(" memory=") + std::to_string(limit));
    executor.reserve_blocks(planned);
    EXPECT_TRUE(!is_tight || driver_.most_bytes() <= limit);
    for (const auto& row : append(session, id, prompt(30, 9))) rows.push_back(row);
    return rows;
  };
  EXPECT_EQ(run(true), run(false));
}

TEST_P(FailingDriver, SaysThatTheDeviceIsLost) {
  const auto check = [](const Failure& made) {
    EXPECT_EQ(made.code, ErrorCode::kDeviceLost);
    EXPECT_NE(made.sentence.find(kLost), std::string::npos);
  };
  fail_each("submit", &FaultyDriver::n_submissions, check);
  fail_each("wait", &FaultyDriver::n_waits, check);
}

TEST_P(FailingDriver, NamesTheShaderThatIsNotCompiled) {
  use_model();
  const std::uint64_t n = driver_.n_pipelines();
  ASSERT_GT(n, 4u);
  for (std::uint64_t i = 1; i <= n; ++i) {
    start(GetParam());
    const Failure made = failure("pipeline=" + std::to_string(i));
    SCOPED_TRACE(std::to_string(i) + " of " + std::to_string(n) + ": " + made.sentence);
    EXPECT_EQ(made.code, ErrorCode::kUnavailable);
    EXPECT_NE(made.sentence.find(kNotCompiled), std::string::npos);
    EXPECT_EQ(driver_.n_live(), 0u);
    if (HasFailure()) return;
    // It is not remembered as one that cannot be compiled.
    driver_.set(GetParam());
    EXPECT_EQ(use_model().size(), 38u);
  }
}

/// Uploads, mirrors and reads go through other memory, and the same kernels follow.
TEST_F(WithFaultyDriver, ACardsOwnMemoryGivesTheSameBytes) {
  for (const char* name : {"tiny", "bundled"}) {
    Rows rows[2];
    for (const bool is_card : {false, true}) {
      start(is_card ? "discrete" : "");
      ModelOptions options = Loaded::small_options(model_file(name), 16, false);
      options.backends = {kBackend};
      const auto model = Model::load(*runtime_, options);
      Session session(*model);
      rows[is_card] = append(session, session.create(), prompt(37, 7));
    }
    EXPECT_EQ(rows[0], rows[1]) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Memory, FailingDriver, testing::Values("", "discrete"),
                         [](const testing::TestParamInfo<const char*>& which) {
                           return std::string(*which.param ? "own" : "shared");
                         });

}  // namespace
}  // namespace wick
