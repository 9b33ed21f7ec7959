// What `wick bench` prints: tables for people, JSON for programs. Not for measuring.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/benchmark.h"
#include "schedule/device.h"

namespace wick::cli {

class LoadedModel;

struct BenchRow {
  BenchmarkResult result;
  std::optional<DeviceLimits> limits;  ///< around the test, by all threads
  std::optional<double> limit_share;
};

struct BenchReport {
  std::vector<BenchRow> rows;
  std::optional<DeviceLimits> one_thread;  ///< where more were used
  bool precise = false;
};

/// Two tables: the tests, and the limits as far as they were measured.
std::string bench_markdown(const BenchReport& report, const LoadedModel& loaded);
/// A list of objects, one a test.
std::string bench_json(const BenchReport& report, const LoadedModel& loaded);

}  // namespace wick::cli
