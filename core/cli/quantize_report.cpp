// See quantize_report.h.
#include "cli/quantize_report.h"

#include <wick/error.h>

#include "cli/input_text.h"
#include "cli/interrupt.h"
#include "cli/loaded_model.h"
#include "cli/model_options.h"
#include "cli/numbers.h"
#include "cli/progress_bar.h"
#include "cli/window_option.h"
#include "quality/measure_quality.h"
#include "quality/report_files.h"

namespace wick::cli {
namespace {

QualityOptions quality_options(const Arguments& arguments, const QuantizeOptions& quantize) {
  QualityOptions options;
  options.quantize = quantize;
  options.sweep = list_option(arguments, "sweep");
  options.scratch = quantize.output.empty() ? arguments.text("report") : quantize.output;
  options.model = device_options(arguments);
  options.window = window_option(arguments);
  options.cancelled = was_interrupted;
  if (!arguments.has("report-text")) return options;
  const std::string path = arguments.text("report-text");
  options.text = read_text(path);
  options.text_name = path == "-" ? "standard input" : path;
  return options;
}

}  // namespace

OptionGroup report_option_group() {
  return {
      "Report",
      {{"report", 0, "FILE",
        "what was lost, as FILE.html or FILE.json; may be given more than once", true},
       {"report-text", 0, "FILE",
        "compares predictions of this text with the source's, too; `-` reads standard input"},
       completing(Completes::kTypeList,
                  {"sweep", 0, "LIST",
                   "types to try besides, with commas between; OUT.gguf and --type may be left out "
                   "then"})}};
}

bool wants_report(const Arguments& arguments) {
  return arguments.has("report");
}

void check_report_options(const Arguments& arguments) {
  for (const char* option : {"report-text", "sweep"})
    if (arguments.has(option) && !arguments.has("report"))
      fail(ErrorCode::kUsage, "quantize: --", option,
           ": is for a report, need --report FILE.html or FILE.json");
  if (arguments.has("report") && arguments.has("dry-run"))
    fail(ErrorCode::kUsage,
         "quantize: --dry-run: writes nothing, not even a report; leave out one");
  if (arguments.has("sweep") && !arguments.has("report-text"))
    fail(ErrorCode::kUsage, "quantize: --sweep: compares predictions, need --report-text FILE");
  for (const OptionSpec& option : device_option_group().options)
    if (arguments.has(option.name) && option.name != "threads" && option.name != "affinity" &&
        !arguments.has("report-text"))
      fail(ErrorCode::kUsage, "quantize: --", option.name,
           ": is for models that run, need --report-text FILE as well");
}

QuantizeReport quantize_with_report(Runtime& runtime, const Arguments& arguments,
                                    const QuantizeOptions& quantize) {
  QualityOptions options = quality_options(arguments, quantize);
  ReportFiles files(arguments.texts("report"), quantize.source, quantize.force);
  options.loaded = [](const Model& model) { show_passed_over(model); };
  ProgressBar bar;
  options.progress = [&bar](std::string_view what, double done) { bar.show(what, done); };
  const QualityReport report = measure_quality(runtime, options);
  files.write(report);
  return report.candidates.front().quantized;
}

}  // namespace wick::cli
