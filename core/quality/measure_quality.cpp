// The source's model is loaded once and stays; files that were made are loaded beside it, one at a
// time.
#include "quality/measure_quality.h"

#include <wick/error.h>

#include <unistd.h>

#include <filesystem>
#include <memory>

#include "base/temporary_file.h"
#include "base/version.h"
#include "generate/text_windows.h"
#include "model/plugin_options.h"
#include "plugins/runtime.h"
#include "quality/compare.h"
#include "quantize/importance_source.h"
#include "schedule/plan_report.h"

namespace wick {
namespace {

std::string temporary_name(const QualityOptions& options, std::string_view what) {
  return options.scratch + "." + std::string(what) + "-" + std::to_string(::getpid()) + ".gguf";
}

std::uint64_t bytes_of(const std::vector<std::string>& files) {
  std::uint64_t sum = 0;
  for (const std::string& path : files) {
    std::error_code error;
    const std::uintmax_t n = std::filesystem::file_size(path, error);
    if (error) fail(ErrorCode::kIo, path, ": its size cannot be read: ", error.message());
    sum += n;
  }
  return sum;
}

void check_cancelled(const QualityOptions& options) {
  if (options.cancelled && options.cancelled())
    fail(ErrorCode::kCancelled, "report: the user asked to stop");
}

/// A type of a sweep stands alone.
void drop_target(QuantizeOptions& options) {
  options.target_bits.reset();
  options.target_bytes.reset();
  options.formats.clear();
}

class Measurement {
 public:
  Measurement(Runtime& runtime, const QualityOptions& options)
      : runtime_(runtime), options_(options) {}

  QualityReport run() {
    if (!options_.quantize.output.empty())
      refuse_existing(options_.quantize.output, options_.quantize.force);
    check_types();
    find_importance_once();
    if (options_.text) load_source();
    QualityReport report;
    report.program = "wick " + std::string(library_version());
    report.source = options_.quantize.source;
    report.output = options_.quantize.output;
    report.is_precise = options_.model.precise;
    report.window = options_.window;
    if (options_.text) report.text = options_.text_name;
    if (source_) report.backends = backends_of(source_->plan());
    if (!report.output.empty())
      report.candidates.push_back(candidate(options_.quantize.type, report.output, true));
    for (const std::string& type : options_.sweep) {
      if (is_there(report, type)) continue;
      const TemporaryFile file(temporary_name(options_, "sweep"));
      report.candidates.push_back(candidate(type, file.path(), false));
    }
    return report;
  }

 private:
  /// As the report calls it: names are taken in any case, and some have two.
  std::string name_of(const std::string& type) const {
    QuantizeOptions options = options_.quantize;
    options.type = type;
    if (!type.empty()) drop_target(options);
    return name_of_types(runtime_, options);
  }

  void check_types() const {
    if (!options_.quantize.output.empty()) name_of(options_.quantize.type);
    for (const std::string& type : options_.sweep) name_of(type);
  }

  void show(std::string_view what, double done) const {
    if (options_.progress) options_.progress(what, done);
  }

  std::unique_ptr<Model> load(const std::string& path) const {
    ModelOptions model = options_.model;
    model.path = path;
    model.context = options_.window;
    model.progress = options_.progress;
    std::unique_ptr<Model> loaded = Model::load(runtime_, model);
    check_cancelled(options_);
    return loaded;
  }

  /// One run of the source over a text serves all files.
  void find_importance_once() {
    QuantizeOptions options = options_.quantize;
    if (options.imatrix_file.empty() && options.imatrix_text.empty()) return;
    options.output = options_.scratch;
    options.imatrix_progress = [this](double done) { show("collecting importance", done); };
    importance_ = std::make_shared<const Importance>(find_importance(runtime_, options));
  }

  void load_source() {
    std::string path = options_.quantize.source;
    if (is_checkpoint(path)) {
      source_file_ = std::make_unique<TemporaryFile>(temporary_name(options_, "source"));
      path = source_file_->path();
      QuantizeOptions quantize_options = options_.quantize;
      quantize_options.as_stored = true;
      quantize_options.keep_split = false;
      write(quantize_options, path, "converting");
    }
    source_ = load(path);
    check_plugin_options(runtime_.registry(), source_->plan());
    if (options_.loaded) options_.loaded(*source_);
    // A text that is too short is refused now.
    TextWindows("report", source_->tokenizer(), *options_.text, options_.window);
  }

  QuantizeReport write(QuantizeOptions options, const std::string& path, std::string what) const {
    options.output = path;
    options.progress = [this, what](double done) { show(what, done); };
    options.cancelled = options_.cancelled;
    return quantize(runtime_, options);
  }

  QualityCandidate candidate(const std::string& type, const std::string& path, bool is_kept) {
    QuantizeOptions options = options_.quantize;
    options.type = type;
    if (!is_kept) drop_target(options);
    options.measure = true;
    options.importance = importance_;
    options.keep_split = options.keep_split && is_kept;
    QualityCandidate made;
    made.is_kept = is_kept;
    made.quantized = write(options, path, "quantizing " + type);
    made.file_bytes = bytes_of(made.quantized.files);
    if (source_) made.comparison = compare(made.quantized.files.front(), type);
    return made;
  }

  Comparison compare(const std::string& path, const std::string& type) {
    const std::unique_ptr<Model> model = load(path);
    CompareOptions options;
    options.window = options_.window;
    options.cancelled = options_.cancelled;
    options.progress = [this, &type](std::uint64_t done, std::uint64_t all, double) {
      show("comparing " + type, static_cast<double>(done) / static_cast<double>(all));
    };
    return compare_models({*source_, *model, options_.quantize.source, path}, runtime_.pool(),
                          *options_.text, options);
  }

  bool is_there(const QualityReport& report, const std::string& type) const {
    const std::string name = name_of(type);
    for (const QualityCandidate& candidate : report.candidates)
      if (candidate.quantized.type == name) return true;
    return false;
  }

  Runtime& runtime_;
  const QualityOptions& options_;
  std::shared_ptr<const Importance> importance_;
  std::unique_ptr<TemporaryFile> source_file_;  // outlives the model that maps it
  std::unique_ptr<Model> source_;
};

}  // namespace

QualityReport measure_quality(Runtime& runtime, const QualityOptions& options) {
  return Measurement(runtime, options).run();
}

}  // namespace wick
