// See quantize_report.h.
#include "cli/quantize_report.h"

#include <fmt/format.h>
#include <wick/error.h>

#include <filesystem>
#include <vector>

#include "base/atomic_file.h"
#include "cli/help.h"
#include "cli/input_text.h"
#include "cli/interrupt.h"
#include "cli/json_text.h"
#include "cli/loaded_model.h"
#include "cli/model_options.h"
#include "cli/numbers.h"
#include "cli/progress_bar.h"
#include "cli/window_option.h"
#include "model/plugin_options.h"
#include "plugins/runtime.h"
#include "quality/measure_quality.h"
#include "quality/report_json.h"
#include "quality/report_page.h"

namespace wick::cli {
namespace {

namespace fs = std::filesystem;

bool is_page(const std::string& path) {
  return path.ends_with(".html") || path.ends_with(".htm");
}

/// A report replaces no file that is not asked for by --force, and never one of the source.
void check_report_file(const Arguments& arguments, const std::string& path) {
  if (!is_page(path) && !path.ends_with(".json"))
    fail(ErrorCode::kUsage, "quantize: --report: got '", path, "', need a name that ends with ",
         ".html or .json");
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return;
  const fs::path source = arguments.positionals().front();
  const fs::path folder = fs::is_directory(source, ignored) ? source : source.parent_path();
  if (fs::equivalent(fs::absolute(path).parent_path(), folder.empty() ? "." : folder, ignored) &&
      is_checkpoint(source.string()))
    fail(ErrorCode::kUsage, path, ": is a file beside the source, need another name");
  refuse_existing(path, arguments.has("force"));
}

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
  for (const std::string& path : arguments.texts("report")) check_report_file(arguments, path);
}

QuantizeReport quantize_with_report(Runtime& runtime, const Arguments& arguments,
                                    const QuantizeOptions& quantize) {
  QualityOptions options = quality_options(arguments, quantize);
  std::vector<AtomicFile> files;  // what cannot be written is refused now, not in an hour
  for (const std::string& path : arguments.texts("report")) files.emplace_back(path);
  std::string backends;
  options.loaded = [&](const Model& model) {
    check_plugin_options(runtime.registry(), model.plan());
    show_passed_over(model);
    backends = backends_of(model);
  };
  ProgressBar bar;
  options.progress = [&bar](std::string_view what, double done) { bar.show(what, done); };
  QualityReport report = measure_quality(runtime, options);
  report.program = version_text();
  report.program.pop_back();  // its newline
  report.backends = backends;
  for (AtomicFile& file : files) {
    file.write(is_page(file.path()) ? report_page(report) : json_text(report_json(report)));
    file.commit();
  }
  return report.candidates.front().quantized;
}

}  // namespace wick::cli
