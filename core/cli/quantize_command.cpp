// `wick quantize`: a Hugging Face checkpoint, or another GGUF file, becomes a GGUF file.
#include "quantize/quantizer.h"

#include <fmt/format.h>
#include <wick/error.h>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/interrupt.h"
#include "cli/model_options.h"
#include "cli/progress_bar.h"
#include "cli/table.h"
#include "plugins/runtime.h"

namespace wick::cli {
namespace {

void print_report(const QuantizeReport& report, const std::string& output) {
  for (const std::string& note : report.notes) fmt::print(stderr, "wick: note: {}\n", note);
  fmt::print(stderr, "{}: {}, {} tensors, {} as {}, {} from {}, {:.2f} bits a weight\n", output,
             report.architecture, report.n_tensors, report.n_values, report.type,
             bytes_text(report.output_bytes), bytes_text(report.source_bytes),
             8.0 * static_cast<double>(report.output_bytes) / static_cast<double>(report.n_values));
}

void take_imatrix(const Arguments& arguments, QuantizeOptions& options) {
  const std::vector<std::string> given = arguments.texts("imatrix");
  if (given.empty()) return;
  // Of an option given twice the last counts.
  const bool is_auto = given.size() > 1 && given[given.size() - 2] == "auto";
  (is_auto ? options.imatrix_text : options.imatrix_file) = given.back();
  if (given.back().empty())
    fail(ErrorCode::kUsage, "quantize: --imatrix: empty, need FILE or auto TEXT");
}

}  // namespace

CommandSyntax quantize_syntax() {
  return {
      "quantize",
      "quantize SOURCE OUT.gguf --type TYPE [options]",
      "Makes a GGUF file of a Hugging Face checkpoint, or of another GGUF file.",
      {{"Output",
        {{"type", 0, "TYPE",
          "of matrices: a recipe as Q4_K_M, F32, F16, BF16 or a format; a wrong one lists them"},
         {"pure", 0, "", "one type for all matrices, without the recipe's rules"},
         {"imatrix", 0, "FILE|auto TEXT",
          "what matters in matrices, from `wick imatrix`; or from a run of SOURCE over TEXT", false,
          "auto"},
         {"force", 0, "", "replaces OUT.gguf where it is there already"},
         {"allow-nonfinite", 0, "", "keeps NaN and infinity instead of refusing them"},
         {"quiet", 'q', "", "no summary"}}},
       {"Processor", {{"threads", 't', "N", "threads; the result does not depend on it"}}},
       plugin_option_group()},
      "SOURCE and OUT.gguf",
      {"SOURCE is a folder with config.json, tokenizer.json and *.safetensors, or one .safetensors",
       "file with those beside it, or a .gguf file. Vectors stay F32. OUT.gguf appears whole or "
       "not at "
       "all."},
      2};
}

int run_quantize(const Arguments& arguments) {
  if (arguments.positionals().size() != 2)
    fail(ErrorCode::kUsage, "quantize: need SOURCE and OUT.gguf");
  if (!arguments.has("type"))
    fail(ErrorCode::kUsage, "quantize: no type, need --type TYPE, as in --type BF16");
  Runtime runtime(runtime_options(arguments));
  const InterruptScope interrupt;
  ProgressBar bar;
  QuantizeOptions options;
  options.source = arguments.positionals()[0];
  options.output = arguments.positionals()[1];
  options.type = arguments.text("type");
  options.pure = arguments.has("pure");
  take_imatrix(arguments, options);
  options.force = arguments.has("force");
  options.allow_nonfinite = arguments.has("allow-nonfinite");
  options.progress = [&](double done) { bar.show("quantizing", done); };
  options.imatrix_progress = [&](double done) { bar.show("collecting importance", done); };
  options.cancelled = was_interrupted;
  const QuantizeReport report = quantize(runtime, options);
  bar.wipe();
  if (!arguments.has("quiet")) print_report(report, options.output);
  return kExitDone;
}

}  // namespace wick::cli
