// `wick imatrix`: what a model's matrices are multiplied with on a text, for `wick quantize`.
#include <fmt/format.h>
#include <wick/error.h>

#include <boost/json/object.hpp>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/input_text.h"
#include "cli/interrupt.h"
#include "cli/loaded_model.h"
#include "cli/model_options.h"
#include "cli/numbers.h"
#include "cli/progress_bar.h"
#include "cli/standard_output.h"
#include "generate/session.h"
#include "generate/text_windows.h"
#include "quantize/importance_collector.h"
#include "quantize/importance_file.h"
#include "quantize/quantizer.h"
#include "text/pretty_json.h"

namespace wick::cli {
namespace {

constexpr std::uint32_t kDefaultWindow = 512;
constexpr IntegerRange kChunks{1, std::int64_t{1} << 31};

void check_arguments(const Arguments& arguments) {
  if (!arguments.has("file")) fail(ErrorCode::kUsage, "imatrix: no text, need --file TEXT");
  if (!arguments.has("output"))
    fail(ErrorCode::kUsage, "imatrix: no output file, need --output FILE.gguf");
  refuse_existing(arguments.text("output"), arguments.has("force"));
}

Importance collect(LoadedModel& loaded, const std::string& text, const CollectOptions& wanted) {
  Session session(loaded.model());
  const InterruptScope interrupt(session);
  ProgressBar bar;
  CollectOptions options = wanted;
  options.progress = [&](std::uint64_t done, std::uint64_t all) {
    bar.show("collecting", static_cast<double>(done) / static_cast<double>(all));
  };
  return collect_importance(loaded.model(), session, text, options);
}

void report(const Arguments& arguments, const Importance& importance) {
  const std::string output = arguments.text("output");
  const std::uint64_t n_tokens = std::uint64_t{importance.n_windows} * importance.window;
  if (!arguments.has("quiet") && !arguments.has("json"))
    fmt::print(stderr, "{}: {} tensors, {} tokens in {} windows of {}\n", output,
               importance.entries.size(), n_tokens, importance.n_windows, importance.window);
  if (!arguments.has("json")) return;
  boost::json::object document;
  document["output"] = output;
  document["n_tensors"] = importance.entries.size();
  document["n_tokens"] = n_tokens;
  document["n_windows"] = importance.n_windows;
  document["window"] = importance.window;
  write_output(pretty_json(document));
}

}  // namespace

CommandSyntax imatrix_syntax() {
  return {
      "imatrix",
      "imatrix [-m MODEL] -f TEXT -o FILE.gguf [options]",
      "Runs a model over a text, and writes how much each column of its matrices matters.",
      {{"Text",
        {completing(Completes::kFiles,
                    {"file", 'f', "TEXT", "the text, as it is; `-` reads standard input"}),
         {"chunks", 0, "N", "the first N windows only; default: all"}}},
       {"Output",
        {{"output", 'o', "FILE.gguf", "the file; it appears whole or not at all"},
         {"force", 0, "", "replaces FILE.gguf where it is there already"},
         {"json", 0, "", "prints one JSON document"},
         {"quiet", 'q', "", "no summary"}}},
       model_option_group(),
       plugin_option_group()},
      "",
      {"Windows of --ctx tokens (512 if not given) as in `wick perplexity`. For each matrix, and "
       "for each",
       "expert, FILE.gguf has the sum of squares of every input and how many there were.",
       "`wick quantize --imatrix FILE.gguf` uses it, as do programs that read this layout."}};
}

int run_imatrix(const Arguments& arguments) {
  check_arguments(arguments);
  ModelOptions options = model_options(arguments);
  if (options.context == 0) options.context = kDefaultWindow;
  if (options.context < TextWindows::kLeast)
    fail(ErrorCode::kUsage, "imatrix: --ctx: windows too short, got ", options.context,
         ", need at least ", TextWindows::kLeast);
  options.observe_products = true;
  CollectOptions wanted;
  wanted.window = options.context;
  wanted.max_windows =
      static_cast<std::uint64_t>(integer_option(arguments, "chunks", kChunks).value_or(0));
  const std::string path = arguments.text("file");
  const std::string text = read_text(path);
  Importance importance;
  {
    LoadedModel loaded(arguments, options, arguments.has("quiet") ? Notes::kHidden : Notes::kShown);
    importance = collect(loaded, text, wanted);
  }
  importance.datasets = {path == "-" ? "standard input" : path};
  write_importance(arguments.text("output"), importance);
  report(arguments, importance);
  return kExitDone;
}

}  // namespace wick::cli
