// `wick run`: continues a text. Not for conversations: no template is applied.
#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/input_text.h"
#include "cli/interrupt.h"
#include "cli/loaded_model.h"
#include "cli/model_options.h"
#include "cli/numbers.h"
#include "cli/sampling_arguments.h"
#include "cli/standard_output.h"
#include "generate/generator.h"
#include "generate/sampler.h"
#include "generate/session.h"
#include "text/pretty_json.h"

namespace wick::cli {
namespace {

GenerationOptions generation_options(const Arguments& arguments) {
  GenerationOptions options;
  options.sampling = sampling_options(arguments);
  options.n_tokens = integer_option(arguments, "n-predict", {-1, INT32_MAX}).value_or(-1);
  options.stops = arguments.texts("stop");
  options.special = arguments.has("special") ? SpecialText::kShown : SpecialText::kHidden;
  return options;
}

boost::json::object document(const Generation& generation, const LoadedModel& loaded,
                             std::uint64_t seed) {
  const GenerationStats& stats = generation.stats;
  boost::json::object result;
  result["text"] = generation.text;
  result["token_ids"] = boost::json::array(generation.ids.begin(), generation.ids.end());
  result["finish_reason"] = finish_reason_name(generation.reason);
  result["seed"] = seed;
  result["n_prompt_tokens"] = stats.n_prompt;
  result["n_gen_tokens"] = stats.n_generated;
  result["prompt_tokens_per_s"] = stats.prompt_tokens_per_second();
  result["gen_tokens_per_s"] = stats.generated_tokens_per_second();
  result["first_token_s"] = stats.prompt_seconds;
  result["load_s"] = loaded.load_seconds();
  result["backend"] = loaded.backends();
  result["threads"] = loaded.n_threads();
  return result;
}

void print_statistics(const Generation& generation, const LoadedModel& loaded, std::uint64_t seed) {
  const GenerationStats& stats = generation.stats;
  fmt::print(
      stderr,
      "wick: prompt {} tokens, {:.1f} tokens/s; generated {} tokens, {:.1f} tokens/s; loaded "
      "in {:.2f} s, first token after {:.2f} s; seed {}\n",
      stats.n_prompt, stats.prompt_tokens_per_second(), stats.n_generated,
      stats.generated_tokens_per_second(), loaded.load_seconds(), stats.prompt_seconds, seed);
}

// Streams to standard output, except with --json, where one document comes at the end.
class Display {
 public:
  Display(bool streams, std::string_view first) : streams_(streams) { show(first); }
  void show(std::string_view text) {
    if (!streams_ || text.empty()) return;
    write_output(text);
    flush_output();
    ends_line_ = text.back() == '\n';
  }
  // On a terminal what comes next (statistics, the shell's prompt) begins on a line of its own; a
  // pipe gets the text alone.
  void finish() {
    if (streams_ && !ends_line_ && output_is_terminal()) show("\n");
  }

 private:
  bool streams_;
  bool ends_line_ = true;
};

Generation generate(LoadedModel& loaded, const std::string& prompt,
                    const GenerationOptions& options, Display& display) {
  const Tokenizer& tokenizer = loaded.model().tokenizer();
  Session session(loaded.model());
  const InterruptScope interrupt(session);
  const Generator generator(tokenizer, options);
  Generation generation = generator.run(tokenizer.encode(prompt), evaluate_in(session),
                                        [&](std::string_view text) { display.show(text); });
  display.finish();
  return generation;
}

}  // namespace

CommandSyntax run_syntax() {
  return {"run",
          "run [-m MODEL] [-p TEXT | -f FILE] [options]",
          "Continues a text, and prints the continuation as it comes.",
          {prompt_option_group(),
           {"Generation",
            {{"n-predict", 'n', "N",
              "at most N tokens; default -1: until the text or the context ends"},
             {"stop", 0, "TEXT", "ends before TEXT; may be given more than once", true},
             {"special", 0, "", "prints special tokens too"},
             {"echo", 0, "", "prints the prompt first"},
             {"json", 0, "", "prints one JSON document at the end"},
             {"quiet", 'q', "", "no statistics"}}},
           sampling_option_group(),
           model_option_group(),
           plugin_option_group()},
          "",
          {"`run` may be left out. Special tokens that the prompt spells out are understood."},
          1,
          {},
          {{"wick run -p \"Once upon a time\" -n 32", "a story of the bundled model"},
           {"wick run -m model.gguf -f prompt.txt --temp 0 --json",
            "the likeliest continuation of a file, as JSON"}}};
}

int run_run(const Arguments& arguments) {
  const GenerationOptions options = generation_options(arguments);
  const std::string prompt = prompt_text(arguments, PromptNeed::kOptional);
  const bool as_json = arguments.has("json");
  const bool quiet = arguments.has("quiet");
  ModelOptions model = model_options(arguments);
  model.n_candidates = candidates_seen(options.sampling);
  LoadedModel loaded(arguments, model, quiet ? Notes::kHidden : Notes::kShown);
  const std::string echoed = arguments.has("echo") ? prompt : std::string();
  Display display(!as_json, echoed);
  Generation generation = generate(loaded, prompt, options, display);
  generation.text = echoed + generation.text;
  if (as_json) write_output(pretty_json(document(generation, loaded, options.sampling.seed)));
  flush_output();
  if (!quiet) print_statistics(generation, loaded, options.sampling.seed);
  if (generation.reason == FinishReason::kContextFull)
    fail_context_full(generation, loaded.model().context());
  return generation.reason == FinishReason::kCancelled ? kExitInterrupted : kExitDone;
}

}  // namespace wick::cli
