// `wick compare`: how far one model's predictions are from another's.
#include <fmt/format.h>
#include <wick/error.h>

#include <optional>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/input_text.h"
#include "cli/interrupt.h"
#include "cli/loaded_model.h"
#include "cli/model_options.h"
#include "cli/progress_bar.h"
#include "cli/standard_output.h"
#include "cli/window_option.h"
#include "plugins/runtime.h"
#include "quality/compare_files.h"
#include "quality/comparison_json.h"
#include "text/pretty_json.h"

namespace wick::cli {
namespace {

std::string estimate(const Estimate& estimate) {
  return fmt::format("{:.4g} +/- {:.2g}", estimate.value, estimate.error);
}

std::string perplexity(const Estimate& estimate) {
  return fmt::format("{:.4f} +/- {:.4f}", estimate.value, estimate.error);
}

std::string percent(const Estimate& estimate) {
  return fmt::format("{:.3f} % +/- {:.3f} %", 100 * estimate.value, 100 * estimate.error);
}

std::string comparison_text(const Comparison& result, std::uint32_t window) {
  const Divergence& d = result.divergence;
  return fmt::format(
      "divergence (nats)    mean {}, median {:.4g}, 99 % {:.4g}, largest {:.4g}\n"
      "same likeliest token {}\n"
      "perplexity           A {}, B {}\n"
      "perplexity B / A     {}\n"
      "change of p          mean {}, root mean square {}\n"
      "{} tokens scored in {} windows of {}\n",
      estimate(d.kl), d.kl_median, d.kl_q99, d.kl_max, percent(d.same_top),
      perplexity(d.perplexity_a), perplexity(d.perplexity_b), perplexity(d.perplexity_ratio),
      percent(d.delta_p), percent(d.rms_delta_p), d.n_tokens, result.n_windows, window);
}

}  // namespace

CommandSyntax compare_syntax() {
  return {
      "compare",
      "compare MODEL_A MODEL_B -f FILE [--ctx N] [options]",
      "Measures how far B's predictions of a text are from A's, both side by side.",
      {prompt_option_group(),
       {"Output", {{"json", 0, "", "prints one JSON document"}}},
       {"What is compared",
        {{"precise-a", 0, "",
          "A alone with activations and state in float32: shows what fast paths cost"}}},
       device_option_group(),
       plugin_option_group()},
      "MODEL_A and MODEL_B",
      {"A is the original: a model's file of 16 bits, say, and B a smaller one made of it. Both "
       "must have",
       "the same vocabulary. The text is cut and scored as by `wick perplexity`, in windows of "
       "--ctx",
       "tokens (512 if not given). The divergence is KL(A || B) of the next token; p is the "
       "probability of",
       "the token that comes, and its change that from A to B."},
      2,
      {"MODEL_A MODEL_B"}};
}

int run_compare(const Arguments& arguments) {
  if (arguments.positionals().size() != 2)
    fail(ErrorCode::kUsage, "compare: need MODEL_A and MODEL_B");
  CompareFiles files;
  files.path_a = arguments.positionals()[0];
  files.path_b = arguments.positionals()[1];
  files.model = device_options(arguments);
  files.precise_a = arguments.has("precise-a");
  files.options.window = window_option(arguments);
  const std::string text = prompt_text(arguments, PromptNeed::kRequired);
  Runtime runtime(runtime_options(arguments));
  ProgressBar bar;
  files.model.progress = [&bar](std::string_view what, double done) { bar.show(what, done); };
  std::optional<InterruptScope> interrupt;  // before, Ctrl-C ends the program at once
  files.loaded = [&](const Model&, const Model& b) {
    bar.wipe();
    show_passed_over(b);
    interrupt.emplace();
  };
  files.options.cancelled = was_interrupted;
  files.options.progress = [&](std::uint64_t done, std::uint64_t all, double mean_kl) {
    bar.show(fmt::format("divergence {:.6f}", mean_kl),
             static_cast<double>(done) / static_cast<double>(all));
  };
  const Comparison result = compare_files(runtime, files, text);
  bar.wipe();
  write_output(arguments.has("json") ? pretty_json(comparison_json(result))
                                     : comparison_text(result, files.options.window));
  return kExitDone;
}

}  // namespace wick::cli
