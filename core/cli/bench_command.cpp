// `wick bench`: how fast a model runs here.
#include <wick/error.h>

#include <algorithm>
#include <optional>

#include "cli/bench_report.h"
#include "cli/benchmark.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/interrupt.h"
#include "cli/limit_share.h"
#include "cli/loaded_model.h"
#include "cli/model_options.h"
#include "cli/numbers.h"
#include "cli/progress_bar.h"
#include "cli/standard_output.h"
#include "generate/sampler.h"
#include "generate/session.h"
#include "model/token_cost.h"
#include "schedule/executor.h"

namespace wick::cli {
namespace {

struct BenchOptions {
  std::uint32_t n_prompt, n_generated, depth, n_rounds;
  bool as_json;
};

BenchOptions bench_options(const Arguments& arguments) {
  const auto number = [&](const char* name, std::int64_t fallback, IntegerRange range) {
    return static_cast<std::uint32_t>(integer_option(arguments, name, range).value_or(fallback));
  };
  constexpr IntegerRange kTokens{0, 1 << 24};
  const std::string output = arguments.text("output", "md");
  if (output != "md" && output != "json")
    fail(ErrorCode::kUsage, "bench: --output: unknown, got '", output, "', need md or json");
  BenchOptions options{number("n-prompt", 512, kTokens), number("n-gen", 128, kTokens),
                       number("depth", 0, kTokens), number("repetitions", 3, {1, 10000}),
                       output == "json"};
  if (options.n_prompt == 0 && options.n_generated == 0)
    fail(ErrorCode::kUsage, "bench: nothing to measure, need -p or -n above 0");
  return options;
}

/// Measures the device of a model. Limits of one say nothing of a model that several run: then
/// nothing is measured.
class SegmentLimits {
 public:
  explicit SegmentLimits(const Executor& executor) : segments_(executor.segments()) {}
  std::optional<DeviceLimits> measure_limits(std::uint32_t n_threads) const {
    if (segments_.size() > 1) return std::nullopt;
    return segments_.front().device().measure_limits(n_threads);
  }

 private:
  const std::vector<Segment>& segments_;
};

/// The limits are measured around each test: a virtual machine's change with its neighbours.
BenchReport measure(LoadedModel& loaded, const BenchOptions& options, bool precise) {
  std::vector<BenchmarkTest> tests;
  if (options.n_prompt > 0) tests.push_back({options.n_prompt, 0, options.depth});
  if (options.n_generated > 0) tests.push_back({0, options.n_generated, options.depth});
  Session session(loaded.model());
  const InterruptScope interrupt(session);
  const SegmentLimits device(loaded.model().executor());
  const TokenCost cost = loaded.model().token_cost();
  ProgressBar bar;
  bar.show("limits", 0);
  BenchReport report;
  report.precise = precise;
  std::optional<DeviceLimits> before = device.measure_limits(0);
  if (before && before->n_threads > 1) report.one_thread = device.measure_limits(1);
  for (const BenchmarkTest& test : tests) {
    bar.show(test_name(test),
             static_cast<double>(report.rows.size()) / static_cast<double>(tests.size()));
    BenchRow row;
    row.result = run_benchmark(loaded.model(), session, test, options.n_rounds);
    if (before) {
      const DeviceLimits after = *device.measure_limits(0);
      row.limits = mean_of(*before, after);
      row.limit_share = limit_share(test, row.result.mean(), cost, *row.limits, precise);
      before = after;
    }
    report.rows.push_back(std::move(row));
  }
  return report;
}

}  // namespace

CommandSyntax bench_syntax() {
  return {
      "bench",
      "bench [-m MODEL] [-p 512] [-n 128] [-d 0] [-r 3] [-o md|json] [options]",
      "Measures tokens per second, after a round to warm up, and which share of this machine's "
      "limits they are.",
      {{"Measurement",
        {{"n-prompt", 'p', "N", "reads a prompt of N tokens: ppN; 0: not; default 512"},
         {"n-gen", 'n', "N", "generates N tokens: tgN; 0: not; default 128"},
         {"depth", 'd', "N", "puts N tokens into the context first; default 0"},
         {"repetitions", 'r', "N", "rounds; default 3"},
         {"output", 'o', "md|json", "a table, or JSON; default md"}}},
       model_option_group(),
       plugin_option_group()},
      "",
      {"Limits: of a prompt, the multiply-adds of its products at the highest rate measured here;",
       "of generation, the bytes of weights and state at the highest rate of reading.",
       "A device that finds the likeliest tokens itself hands back as many as `run` asks for by "
       "default."},
      1,
      {},
      {{"wick bench -m model.gguf -p 512 -n 128 -o json", "both rates of a model, as JSON"}}};
}

int run_bench(const Arguments& arguments) {
  const BenchOptions options = bench_options(arguments);
  ModelOptions model = model_options(arguments);
  const std::uint32_t needed = options.depth + std::max(options.n_prompt, options.n_generated);
  if (model.context == 0) model.context = needed;
  if (model.context < needed)
    fail(ErrorCode::kUsage, "bench: --ctx: too small, got ", model.context, ", need ", needed);
  model.n_candidates = candidates_seen(SamplingOptions{});
  LoadedModel loaded(arguments, model);
  const BenchReport report = measure(loaded, options, model.precise);
  write_output(options.as_json ? bench_json(report, loaded) : bench_markdown(report, loaded));
  return kExitDone;
}

}  // namespace wick::cli
