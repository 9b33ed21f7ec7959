// `wick plan`: what would run where, in how many bytes, and why.
#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/bytes_text.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/model_options.h"
#include "cli/progress_bar.h"
#include "cli/standard_output.h"
#include "cli/table.h"
#include "model/plugin_options.h"
#include "plugins/runtime.h"
#include "schedule/plan_report.h"
#include "text/pretty_json.h"

namespace wick::cli {
namespace {

constexpr std::uint64_t kUnknown = UINT64_MAX;

using Rate = std::optional<double>;

Rate rate_of(const std::vector<PlanLine>& lines, Rate PlanLine::*seconds) {
  return tokens_per_second(lines, seconds);
}
std::string rate_text(const Rate& rate) {
  return rate ? fmt::format("{:.1f}", *rate) : "-";
}
boost::json::value rate_json(const Rate& rate) {
  return rate ? boost::json::value(*rate) : boost::json::value();
}

std::string plan_text(const PlanReport& plan) {
  std::string text = fmt::format("{} ({}), context {}, {} sequence{}{}\n\n", escaped(plan.model),
                                 escaped(plan.architecture), plan.context, plan.n_sequences,
                                 plan.n_sequences == 1 ? "" : "s", plan.precise ? ", precise" : "");
  std::vector<std::vector<std::string>> rows;
  PlanBytes sum;
  for (const PlanLine& line : plan.lines) {
    const PlanBytes& bytes = line.bytes;
    rows.push_back({line.part, line.entry, line.device,
                    line.memory_free == kUnknown ? "unknown" : bytes_text(line.memory_free),
                    bytes_text(bytes.weights), bytes_text(bytes.state),
                    bytes_text(bytes.activations), bytes_text(bytes.staging),
                    rate_text(rate_of({line}, &PlanLine::token_seconds)), line.reason});
    sum.weights += bytes.weights;
    sum.state += bytes.state;
    sum.activations += bytes.activations;
    sum.staging += bytes.staging;
  }
  rows.push_back({"total", "", "", "", bytes_text(sum.weights), bytes_text(sum.state),
                  bytes_text(sum.activations), bytes_text(sum.staging),
                  rate_text(rate_of(plan.lines, &PlanLine::token_seconds)),
                  bytes_text(sum.total())});
  text += table_text({{"part"},
                      {"backend"},
                      {"device"},
                      {"free", true},
                      {"weights", true},
                      {"state", true},
                      {"activations", true},
                      {"staging", true},
                      {"tokens/s", true},
                      {"why"}},
                     rows);
  for (const std::string& note : plan.notes) text += "\n" + note + "\n";
  return text;
}

boost::json::array plan_json(const PlanReport& plan) {
  boost::json::array lines;
  for (const PlanLine& line : plan.lines) {
    boost::json::object row;
    row["part"] = line.part;
    row["backend"] = line.backend;
    row["entry"] = line.entry;
    row["device"] = line.device;
    row["memory_free"] =
        line.memory_free == kUnknown ? boost::json::value() : boost::json::value(line.memory_free);
    row["weights_bytes"] = line.bytes.weights;
    row["state_bytes"] = line.bytes.state;
    row["activations_bytes"] = line.bytes.activations;
    row["staging_bytes"] = line.bytes.staging;
    row["total_bytes"] = line.bytes.total();
    row["tokens_per_s"] = rate_json(rate_of({line}, &PlanLine::token_seconds));
    row["prompt_tokens_per_s"] = rate_json(rate_of({line}, &PlanLine::prompt_seconds));
    row["reason"] = line.reason;
    lines.push_back(std::move(row));
  }
  return lines;
}

/// With a progress bar while devices are measured.
PlanReport planned(Runtime& runtime, ModelOptions options) {
  ProgressBar bar;
  options.progress = [&bar](std::string_view what, double done) { bar.show(what, done); };
  return plan_model(runtime, options);
}

}  // namespace

CommandSyntax plan_syntax() {
  return {
      "plan",
      "plan [-m MODEL] [--backend LIST] [--ctx N] [options]",
      "Shows which part of a model goes to which device, in how many bytes, how fast and why, "
      "without loading it.",
      {{"Output", {{"json", 0, "", "prints a JSON list"}}},
       model_option_group(),
       plugin_option_group()},
      "",
      {"tokens/s: what a part alone would generate with an empty context; the last line: all of",
       "them. From measured speeds: a device is measured once, for two seconds."}};
}

int run_plan(const Arguments& arguments) {
  Runtime runtime(runtime_options(arguments));
  const PlanReport plan = planned(runtime, model_options(arguments));
  check_plugin_options(runtime.registry(), plan);
  write_output(arguments.has("json") ? pretty_json(plan_json(plan)) : plan_text(plan));
  return kExitDone;
}

}  // namespace wick::cli
