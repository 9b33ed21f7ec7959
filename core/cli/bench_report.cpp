// See bench_report.h.
#include "cli/bench_report.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/bytes_text.h"
#include "cli/loaded_model.h"
#include "cli/table.h"
#include "text/pretty_json.h"

namespace wick::cli {
namespace {

std::string model_name(const Model& model) {
  const ModelFacts& facts = model.facts();
  return escaped(facts.name.empty() ? facts.architecture : facts.name);
}

std::string giga(std::uint64_t rate) {
  return rate == WICK_UNKNOWN ? "-" : fmt::format("{:.1f}", static_cast<double>(rate) / 1e9);
}

/// A device that has none of the host's shows none.
std::string threads_text(const DeviceLimits& limits) {
  return limits.n_threads == 0 ? "-" : fmt::format("{}", limits.n_threads);
}

std::string tests_table(const BenchReport& report, const LoadedModel& loaded) {
  const ModelFacts& facts = loaded.model().facts();
  std::vector<std::vector<std::string>> cells;
  for (const BenchRow& row : report.rows)
    cells.push_back({model_name(loaded.model()), bytes_text(facts.file_bytes),
                     fmt::format("{:.2f} M", static_cast<double>(facts.n_parameters) / 1e6),
                     loaded.backends(), fmt::format("{}", loaded.n_threads()),
                     test_name(row.result.test),
                     fmt::format("{:.2f} ± {:.2f}", row.result.mean(), row.result.stddev()),
                     row.limit_share ? fmt::format("{:.1f} %", *row.limit_share * 100) : "-"});
  return markdown_text({{"model"},
                        {"size", true},
                        {"params", true},
                        {"backend"},
                        {"threads", true},
                        {"test", true},
                        {"t/s", true},
                        {"of limit", true}},
                       cells);
}

std::string limits_table(const BenchReport& report) {
  std::vector<std::vector<std::string>> cells;
  const auto add = [&](const std::string& when, const std::optional<DeviceLimits>& limits) {
    if (limits)
      cells.push_back({when, threads_text(*limits), giga(limits->read_bytes),
                       giga(limits->int8_macs), giga(limits->f16_macs), giga(limits->bf16_macs),
                       giga(limits->f32_macs), escaped(limits->description)});
  };
  add("1 thread", report.one_thread);
  for (const BenchRow& row : report.rows) add(test_name(row.result.test), row.limits);
  if (cells.empty()) return {};
  return "\n" + markdown_text({{"limits"},
                               {"threads", true},
                               {"read GB/s", true},
                               {"int8 G/s", true},
                               {"f16 G/s", true},
                               {"bf16 G/s", true},
                               {"f32 G/s", true},
                               {"by"}},
                              cells);
}

boost::json::value number(std::uint64_t rate) {
  return rate == WICK_UNKNOWN ? boost::json::value() : boost::json::value(rate);
}

boost::json::array limits_json(const BenchReport& report, const BenchRow& row) {
  boost::json::array all;
  for (const auto* limits : {&report.one_thread, &row.limits}) {
    if (!*limits) continue;
    boost::json::object object;
    object["threads"] = (*limits)->n_threads;
    object["read_bytes_per_s"] = number((*limits)->read_bytes);
    object["int8_macs_per_s"] = number((*limits)->int8_macs);
    object["f16_macs_per_s"] = number((*limits)->f16_macs);
    object["bf16_macs_per_s"] = number((*limits)->bf16_macs);
    object["f32_macs_per_s"] = number((*limits)->f32_macs);
    object["by"] = (*limits)->description;
    all.push_back(std::move(object));
  }
  return all;
}

}  // namespace

std::string bench_markdown(const BenchReport& report, const LoadedModel& loaded) {
  return tests_table(report, loaded) + limits_table(report);
}

std::string bench_json(const BenchReport& report, const LoadedModel& loaded) {
  boost::json::array rows;
  for (const BenchRow& row : report.rows) {
    const BenchmarkResult& result = row.result;
    boost::json::object object;
    object["test"] = test_name(result.test);
    object["tokens_per_s"] = result.mean();
    object["stddev"] = result.stddev();
    object["limit_share"] =
        row.limit_share ? boost::json::value(*row.limit_share) : boost::json::value();
    object["backend"] = loaded.backends();
    object["threads"] = loaded.n_threads();
    object["precise"] = report.precise;
    object["model"] = model_name(loaded.model());
    object["file_bytes"] = loaded.model().facts().file_bytes;
    object["n_parameters"] = loaded.model().facts().n_parameters;
    object["n_prompt"] = result.test.n_prompt;
    object["n_gen"] = result.test.n_generated;
    object["depth"] = result.test.depth;
    object["samples"] = boost::json::array(result.tokens_per_s.begin(), result.tokens_per_s.end());
    object["limits"] = limits_json(report, row);
    rows.push_back(std::move(object));
  }
  return pretty_json(rows);
}

}  // namespace wick::cli
