// `wick quantize`: a Hugging Face checkpoint, or another GGUF file, becomes a GGUF file.
#include "quantize/quantizer.h"

#include <fmt/format.h>
#include <wick/error.h>

#include <chrono>

#include "base/bytes_text.h"
#include "cli/byte_rate.h"
#include "cli/command.h"
#include "cli/device_numbers.h"
#include "cli/exit_codes.h"
#include "cli/interrupt.h"
#include "cli/model_options.h"
#include "cli/numbers.h"
#include "cli/progress_bar.h"
#include "cli/quantize_plan.h"
#include "cli/quantize_report.h"
#include "cli/standard_output.h"
#include "cli/table.h"
#include "plugins/runtime.h"
#include "quantize/check_options.h"

namespace wick::cli {
namespace {

void print_chosen(const QuantizeReport& report) {
  std::vector<std::vector<std::string>> rows;
  for (const ChosenType& chosen : report.chosen)
    rows.push_back({chosen.tensor, chosen.type, fmt::format("{:.2f}", chosen.bits),
                    fmt::format("{:.1e}", chosen.error)});
  if (!rows.empty())
    fmt::print(stderr, "{}",
               table_text({{"matrix"}, {"type"}, {"bits", true}, {"error", true}}, rows));
}

void print_notes(const QuantizeReport& report) {
  for (const std::string& note : report.notes) fmt::print(stderr, "wick: note: {}\n", note);
}

void print_report(const QuantizeReport& report) {
  print_chosen(report);
  print_notes(report);
  std::string files = report.files.front();
  if (report.files.size() > 1) files += fmt::format(" and {} more", report.files.size() - 1);
  fmt::print(stderr, "{}: {}, {} tensors, {} as {}, {} from {}, {:.2f} bits a weight\n", files,
             report.architecture, report.n_tensors, report.n_values, report.type,
             bytes_text(report.output_bytes), bytes_text(report.source_bytes),
             8.0 * static_cast<double>(report.output_bytes) / static_cast<double>(report.n_values));
}

constexpr RealRange kBits{0.01, 64};

bool names_type(const Arguments& arguments) {
  return arguments.has("type") || arguments.has("target-bits") || arguments.has("target-size") ||
         arguments.has("formats");
}

/// The type, or a target in its place.
void take_type(const Arguments& arguments, QuantizeOptions& options) {
  options.type = arguments.text("type");
  options.pure = arguments.has("pure");
  options.target_bits = real_option(arguments, "target-bits", kBits);
  if (arguments.has("target-size"))
    options.target_bytes = parse_bytes("quantize: --target-size", arguments.text("target-size"));
  options.formats = list_option(arguments, "formats");
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

OptionGroup running_group() {
  OptionGroup group = device_option_group();
  group.title = "Threads, and how models run for a report";
  return group;
}

QuantizeOptions quantize_options(const Arguments& arguments) {
  QuantizeOptions options;
  options.source = arguments.positionals()[0];
  if (arguments.positionals().size() > 1) options.output = arguments.positionals()[1];
  take_type(arguments, options);
  take_imatrix(arguments, options);
  options.user_types = user_types(arguments);
  options.keep_split = arguments.has("keep-split");
  options.force = arguments.has("force");
  options.allow_nonfinite = arguments.has("allow-nonfinite");
  options.cancelled = was_interrupted;
  return options;
}

/// With a progress bar.
QuantizeReport quantized(Runtime& runtime, QuantizeOptions options) {
  using Clock = std::chrono::steady_clock;
  ProgressBar bar;
  ByteRate rate(0);
  Clock::time_point begin;
  options.planned = [&](const QuantizeReport& planned) {
    rate = ByteRate(planned.source_bytes);
    begin = Clock::now();
  };
  options.progress = [&](double done) {
    const std::chrono::duration<double> seconds = Clock::now() - begin;
    bar.show("quantizing", done, rate.text(done, seconds.count()));
  };
  options.imatrix_progress = [&](double done) { bar.show("collecting importance", done); };
  options.measuring_progress = [&](double done) { bar.show("measuring types", done); };
  return quantize(runtime, options);
}

OptionGroup type_group() {
  OptionGroup group{
      "Types",
      {completing(Completes::kTypes,
                  {"type", 0, "TYPE",
                   "of matrices: a recipe, F32, F16, BF16 or a format; a wrong one lists them"}),
       {"pure", 0, "", "one type for all matrices, without the recipe's rules"},
       {"target-bits", 0, "R",
        "instead of --type: the types that lose least with R bits a weight, of all tensors"},
       {"target-size", 0, "BYTES", "the same for a file of so many bytes at most, as in 700M"},
       {"formats", 0, "LIST",
        "which of them, as in Q*_K,nf4; gguf (default): what other programs read; all: any"},
       {"imatrix", 0, "FILE|auto TEXT",
        "what matters in matrices, from `wick imatrix`; or from a run of SOURCE over TEXT", false,
        "auto"}}};
  for (OptionSpec& option : user_type_options()) group.options.push_back(std::move(option));
  return group;
}

}  // namespace

CommandSyntax quantize_syntax() {
  return {
      "quantize",
      "quantize SOURCE OUT.gguf (--type TYPE | --target-bits R | --target-size BYTES) [options]",
      "Makes a GGUF file of a Hugging Face checkpoint, or of another GGUF file.",
      {type_group(),
       {"Output",
        {{"dry-run", 0, "", "prints each tensor's type and sizes and writes nothing; no OUT.gguf"},
         {"keep-split", 0, "", "of a GGUF file in several parts makes as many parts"},
         {"force", 0, "", "replaces OUT.gguf where it is there already"},
         {"allow-nonfinite", 0, "", "keeps NaN and infinity instead of refusing them"},
         {"quiet", 'q', "", "no summary"}}},
       report_option_group(),
       running_group(),
       plugin_option_group()},
      "SOURCE and OUT.gguf",
      {"SOURCE is a folder with config.json, tokenizer.json and *.safetensors, or one .safetensors",
       "file with those beside it, or a .gguf file. Vectors stay F32. OUT.gguf appears whole or "
       "not",
       "at all. A report shows the error of each tensor, and with a text how far predictions are "
       "from",
       "the source's; files of a sweep lie beside OUT.gguf, or beside the report, while compared."},
      2,
      {"SOURCE OUT.gguf"},
      {{"wick quantize checkpoint/ model.gguf --type BF16", "a checkpoint as it is, in one file"},
       {"wick quantize checkpoint/ model.gguf --target-size 700M", "the best that fits a size"}}};
}

int run_quantize(const Arguments& arguments) {
  const bool is_dry = arguments.has("dry-run");
  const std::size_t n_names = arguments.positionals().size();
  // A sweep keeps no file where none is named.
  const bool is_sweep_alone = n_names == 1 && arguments.has("sweep") && !names_type(arguments);
  if (n_names != 2 && !(is_dry && n_names == 1) && !is_sweep_alone)
    fail(ErrorCode::kUsage, "quantize: need SOURCE and OUT.gguf");
  check_report_options(arguments);
  if (is_dry && wants_report(arguments))
    fail(ErrorCode::kUsage,
         "quantize: --dry-run writes nothing, of which there is no report; leave out one of them");
  const QuantizeOptions options = quantize_options(arguments);
  if (!is_sweep_alone) check_type_options(options);
  Runtime runtime(runtime_options(arguments));
  const InterruptScope interrupt;
  if (is_dry) {
    const QuantizePlan plan = plan_quantize(runtime, options);
    write_output(quantize_plan_text(plan));
    flush_output();
    print_notes(plan.report);
    return kExitDone;
  }
  const QuantizeReport report = wants_report(arguments)
                                    ? quantize_with_report(runtime, arguments, options)
                                    : quantized(runtime, options);
  if (!arguments.has("quiet") && !is_sweep_alone) print_report(report);
  return kExitDone;
}

}  // namespace wick::cli
