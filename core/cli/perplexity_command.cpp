// `wick perplexity`: how well a model predicts a text.
#include <fmt/format.h>

#include <boost/json/object.hpp>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/input_text.h"
#include "cli/interrupt.h"
#include "cli/loaded_model.h"
#include "cli/model_options.h"
#include "cli/progress_bar.h"
#include "cli/standard_output.h"
#include "cli/window_option.h"
#include "generate/perplexity.h"
#include "generate/session.h"
#include "text/pretty_json.h"

namespace wick::cli {
namespace {

PerplexityResult measure(LoadedModel& loaded, const std::string& text, std::uint32_t window) {
  Session session(loaded.model());
  const InterruptScope interrupt(session);
  ProgressBar bar;
  PerplexityOptions options;
  options.window = window;
  options.progress = [&](std::uint64_t done, std::uint64_t all, const PerplexityResult& so_far) {
    bar.show(fmt::format("perplexity {:.4f}", so_far.perplexity),
             static_cast<double>(done) / static_cast<double>(all));
  };
  return measure_perplexity(session, loaded.model().tokenizer(), text, options);
}

}  // namespace

CommandSyntax perplexity_syntax() {
  return {
      "perplexity",
      "perplexity [-m MODEL] -f FILE [--ctx N] [options]",
      "Measures how well a model predicts a text: lower is better, 1 is certainty.",
      {prompt_option_group(),
       {"Output", {{"json", 0, "", "prints one JSON document"}}},
       model_option_group(),
       plugin_option_group()},
      "",
      {"The text is tokenized once, BOS first, and cut into windows of --ctx tokens (512 if not",
       "given), the first of each replaced by BOS. The second half of each window is scored; a "
       "last",
       "window that is not full is dropped."}};
}

int run_perplexity(const Arguments& arguments) {
  ModelOptions options = model_options(arguments);
  const std::uint32_t window = options.context = window_option(arguments);
  const std::string text = prompt_text(arguments, PromptNeed::kRequired);
  LoadedModel loaded(arguments, options);
  const PerplexityResult result = measure(loaded, text, window);
  if (!arguments.has("json")) {
    write_output(fmt::format("perplexity {:.4f} +/- {:.4f}, {} tokens scored in {} windows of {}\n",
                             result.perplexity, result.standard_error, result.n_tokens,
                             result.n_windows, window));
    return kExitDone;
  }
  boost::json::object document;
  document["perplexity"] = result.perplexity;
  document["n_tokens"] = result.n_tokens;
  document["n_windows"] = result.n_windows;
  document["standard_error"] = result.standard_error;
  write_output(pretty_json(document));
  return kExitDone;
}

}  // namespace wick::cli
