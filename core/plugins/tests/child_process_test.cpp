// Children that the shell makes: how they end, what they say, how long they may take.
#include "plugins/child_process.h"

#include <wick/error.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace wick {
namespace {

using ::testing::HasSubstr;

ChildResult run_shell(const std::string& script, int milliseconds = 20000) {
  ChildRequest request;
  request.program = "/bin/sh";
  request.arguments = {"-c", script};
  request.timeout = std::chrono::milliseconds(milliseconds);
  return run_child(request);
}

TEST(ChildProcess, KeepsTheAnswerApartFromWhatIsPrinted) {
  const auto result = run_shell("echo out; echo err >&2; echo answer >&3; exit 3");
  EXPECT_EQ(result.answer, "answer\n");
  EXPECT_EQ(result.said, "out\nerr\n");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.signal, 0);
  EXPECT_FALSE(result.timed_out);
}

TEST(ChildProcess, TellsTheSignal) {
  const auto result = run_shell("kill -SEGV $$");
  EXPECT_EQ(result.signal, SIGSEGV);
  EXPECT_EQ(signal_text(result.signal), "SIGSEGV (Segmentation fault)");
}

TEST(ChildProcess, CutsWhatIsLongAndReadsOn) {
  const auto result = run_shell("head -c 1000000 /dev/zero; echo done >&3");
  EXPECT_EQ(result.said.size(), ChildRequest().max_bytes);
  EXPECT_EQ(result.answer, "done\n");
}

TEST(ChildProcess, EndsAChildAndItsChildrenAfterTheTime) {
  const auto result = run_shell("sleep 100 & sleep 100", 200);
  EXPECT_TRUE(result.timed_out);
  EXPECT_TRUE(result.was_silent);
}

TEST(ChildProcess, GivesMoreTimeToAChildThatGetsOn) {
  const auto result = run_shell("for i in 1 2 3 4; do sleep 0.4; echo step >&3; done", 1200);
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(result.answer, "step\nstep\nstep\nstep\n");
}

// A driver's compiler on a machine that others use: it has a core now and then.
TEST(ChildProcess, WaitsForAChildThatComputesAsItCan) {
  const std::string some_work = "i=0; while [ $i -lt 25000 ]; do i=$((i+1)); done";
  const auto result = run_shell(
      "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do " + some_work + "; sleep 0.1; done; echo end >&3",
      1000);
  EXPECT_EQ(result.answer, "end\n");
  EXPECT_FALSE(result.timed_out);
}

// A compiler says nothing while it works: it has more time than one that sleeps.
TEST(ChildProcess, GivesMoreTimeToAChildThatComputes) {
  const auto result =
      run_shell("i=0; while [ $i -lt 900000 ]; do i=$((i+1)); done; echo end >&3", 300);
  EXPECT_EQ(result.answer, "end\n");
  EXPECT_FALSE(result.timed_out);
}

TEST(ChildProcess, EndsAChildThatComputesWithoutEnd) {
  const auto result = run_shell("while :; do :; done", 300);
  EXPECT_TRUE(result.timed_out);
  EXPECT_TRUE(result.was_silent);
}

TEST(ChildProcess, EndsAChildThatNeverStopsAnswering) {
  ChildRequest request;
  request.program = "/bin/sh";
  request.arguments = {"-c", "while :; do echo step >&3; sleep 0.02; done"};
  request.longest = std::chrono::milliseconds(500);
  const auto result = run_child(request);
  EXPECT_TRUE(result.timed_out);
  EXPECT_FALSE(result.was_silent);
}

TEST(ChildProcess, DoesNotWaitForAGrandchildThatHoldsThePipe) {
  const auto start = std::chrono::steady_clock::now();
  const auto result = run_shell("sleep 100 & echo here");
  EXPECT_EQ(result.said, "here\n");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(15));
}

TEST(ChildProcess, RefusesAProgramThatIsNotThere) {
  ChildRequest request;
  request.program = "/no/such/program";
  try {
    run_child(request);
    FAIL();
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), HasSubstr("/no/such/program: cannot be started"));
  }
}

}  // namespace
}  // namespace wick
