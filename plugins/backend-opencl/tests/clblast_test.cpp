// What CLBlast's results become, and who multiplies where the user says nothing.
#include "clblast.h"

#include <gtest/gtest.h>

#include "gemm_choices.h"

namespace wick::opencl {
namespace {

Error error_of(int result) {
  try {
    check_clblast(result, "CLBlastSgemm", "card");
  } catch (const Error& e) {
    return e;
  }
  return {ErrorCode::kOk, ""};
}

bool is_there() {
  try {
    clblast();
    return true;
  } catch (const Error&) {
    return false;
  }
}

TEST(Clblast, SaysWhatItsResultsMean) {
  EXPECT_EQ(error_of(0).code(), ErrorCode::kOk);
  EXPECT_EQ(error_of(-2046).code(), ErrorCode::kUnavailable);
  EXPECT_STREQ(error_of(-2046).what(),
               "card: CLBlastSgemm: the device has less local memory than its kernel needs "
               "(result -2046); use --matrices own");
  EXPECT_STREQ(error_of(-3000).what(), "card: CLBlastSgemm: result -3000; use --matrices own");
}

TEST(Clblast, SharesResultsWithOpenCl) {
  EXPECT_EQ(error_of(CL_MEM_OBJECT_ALLOCATION_FAILURE).code(), ErrorCode::kOutOfMemory);
  EXPECT_STREQ(error_of(CL_BUILD_PROGRAM_FAILURE).what(),
               "card: CLBlastSgemm: CL_BUILD_PROGRAM_FAILURE");
}

TEST(Clblast, IsKnownByTheFileThatHoldsIt) {
  if (!is_there()) GTEST_SKIP() << "libclblast.so.1 is not installed";
  EXPECT_NE(clblast().file.find("libclblast.so.1"), std::string::npos) << clblast().file;
}

TEST(GemmWay, IsWhatTheUserNames) {
  EXPECT_EQ(wanted_gemm(""), std::nullopt);
  EXPECT_EQ(wanted_gemm("own"), GemmWay::kOwn);
  EXPECT_EQ(wanted_gemm("tiles"), GemmWay::kTiles);
  EXPECT_EQ(wanted_gemm("clblast"), GemmWay::kClblast);
  EXPECT_EQ(wanted_gemm("clblast-f16"), GemmWay::kClblastF16);
  EXPECT_EQ(wanted_gemm("measured"), GemmWay::kMeasured);
  try {
    wanted_gemm("magic");
    FAIL() << "an unknown name passes";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kUnavailable);
    EXPECT_NE(std::string(e.what()).find(
                  "magic are unknown, need one of own, tiles, clblast, clblast-f16, "
                  "measured"),
              std::string::npos);
  }
}

TEST(GemmWay, IsOurOwnOnACpuAndMeasuredElsewhere) {
  Capabilities cpu;
  cpu.is_cpu = true;
  EXPECT_EQ(gemm_way({}, cpu, nullptr), GemmWay::kOwn);
  EXPECT_EQ(gemm_way(GemmWay::kOwn, {}, nullptr), GemmWay::kOwn);
  EXPECT_EQ(gemm_way({}, {}, nullptr), is_there() ? GemmWay::kMeasured : GemmWay::kOwn);
  if (!is_there()) GTEST_SKIP() << "libclblast.so.1 is not installed";
  EXPECT_EQ(gemm_way(GemmWay::kClblast, cpu, nullptr), GemmWay::kClblast);
}

TEST(GemmWay, InF16NeedsADeviceThatHasIt) {
  Capabilities with, without;
  with.half_arithmetic = true;
  EXPECT_EQ(gemm_way(GemmWay::kClblastF16, with, nullptr), GemmWay::kClblastF16);
  EXPECT_TRUE(needs_clblast(GemmWay::kClblastF16));
  try {
    gemm_way(GemmWay::kClblastF16, without, nullptr);
    FAIL() << "a device without cl_khr_fp16 passes";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kUnavailable);
    EXPECT_STREQ(e.what(),
                 "opencl: matrices by clblast-f16 need cl_khr_fp16, which the device does not "
                 "have; use --matrices clblast");
  }
}

}  // namespace
}  // namespace wick::opencl
