// `wick bench`: how fast a model runs here.
#include <fmt/format.h>
#include <wick/error.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>

#include "cli/benchmark.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/interrupt.h"
#include "cli/json_text.h"
#include "cli/loaded_model.h"
#include "cli/model_options.h"
#include "cli/numbers.h"
#include "cli/progress_bar.h"
#include "cli/standard_output.h"
#include "cli/table.h"
#include "generate/session.h"

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

std::vector<BenchmarkResult> measure(LoadedModel& loaded, const BenchOptions& options) {
  std::vector<BenchmarkTest> tests;
  if (options.n_prompt > 0) tests.push_back({options.n_prompt, 0, options.depth});
  if (options.n_generated > 0) tests.push_back({0, options.n_generated, options.depth});
  Session session(loaded.model());
  const InterruptScope interrupt(session);
  ProgressBar bar;
  std::vector<BenchmarkResult> results;
  for (const BenchmarkTest& test : tests) {
    bar.show(test_name(test),
             static_cast<double>(results.size()) / static_cast<double>(tests.size()));
    results.push_back(run_benchmark(loaded.model(), session, test, options.n_rounds));
  }
  return results;
}

std::string model_name(const Model& model) {
  const ModelFacts& facts = model.facts();
  return escaped(facts.name.empty() ? facts.architecture : facts.name);
}

std::string markdown(const std::vector<BenchmarkResult>& results, const LoadedModel& loaded) {
  const ModelFacts& facts = loaded.model().facts();
  std::vector<std::vector<std::string>> rows;
  for (const BenchmarkResult& result : results)
    rows.push_back({model_name(loaded.model()), bytes_text(facts.file_bytes),
                    fmt::format("{:.2f} M", static_cast<double>(facts.n_parameters) / 1e6),
                    loaded.backends(), fmt::format("{}", loaded.n_threads()),
                    test_name(result.test),
                    fmt::format("{:.2f} ± {:.2f}", result.mean(), result.stddev())});
  return markdown_text({{"model"},
                        {"size", true},
                        {"params", true},
                        {"backend"},
                        {"threads", true},
                        {"test", true},
                        {"t/s", true}},
                       rows);
}

boost::json::array document(const std::vector<BenchmarkResult>& results, const LoadedModel& loaded,
                            bool precise) {
  boost::json::array rows;
  for (const BenchmarkResult& result : results) {
    boost::json::object row;
    row["test"] = test_name(result.test);
    row["tokens_per_s"] = result.mean();
    row["stddev"] = result.stddev();
    row["backend"] = loaded.backends();
    row["threads"] = loaded.n_threads();
    row["precise"] = precise;
    row["model"] = model_name(loaded.model());
    row["file_bytes"] = loaded.model().facts().file_bytes;
    row["n_parameters"] = loaded.model().facts().n_parameters;
    row["n_prompt"] = result.test.n_prompt;
    row["n_gen"] = result.test.n_generated;
    row["depth"] = result.test.depth;
    row["samples"] = boost::json::array(result.tokens_per_s.begin(), result.tokens_per_s.end());
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

CommandSyntax bench_syntax() {
  return {"bench",
          "bench [-m MODEL] [-p 512] [-n 128] [-d 0] [-r 3] [-o md|json] [options]",
          "Measures tokens per second, after a round to warm up.",
          {{"Measurement",
            {{"n-prompt", 'p', "N", "reads a prompt of N tokens: ppN; 0: not; default 512"},
             {"n-gen", 'n', "N", "generates N tokens: tgN; 0: not; default 128"},
             {"depth", 'd', "N", "puts N tokens into the context first; default 0"},
             {"repetitions", 'r', "N", "rounds; default 3"},
             {"output", 'o', "FORMAT", "md, a table, or json; default md"}}},
           model_option_group(),
           plugin_option_group()},
          ""};
}

int run_bench(const Arguments& arguments) {
  const BenchOptions options = bench_options(arguments);
  ModelOptions model = model_options(arguments);
  const std::uint32_t needed = options.depth + std::max(options.n_prompt, options.n_generated);
  if (model.context == 0) model.context = needed;
  if (model.context < needed)
    fail(ErrorCode::kUsage, "bench: --ctx: too small, got ", model.context, ", need ", needed);
  LoadedModel loaded(arguments, model);
  const std::vector<BenchmarkResult> results = measure(loaded, options);
  write_output(options.as_json ? json_text(document(results, loaded, model.precise))
                               : markdown(results, loaded));
  return kExitDone;
}

}  // namespace wick::cli
