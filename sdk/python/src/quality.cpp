// What quantizing costs, and what it should weigh: wick::measure_quality, compare_files and
// importance_of_run with callbacks of Python.
#include <pybind11/stl.h>
#include <wick/error.h>

#include "base/mapped_file.h"
#include "bindings.h"
#include "model/plugin_options.h"
#include "plugins/runtime.h"
#include "python_calls.h"
#include "quality/compare_files.h"
#include "quality/comparison_json.h"
#include "quality/measure_quality.h"
#include "quality/report_files.h"
#include "quality/report_json.h"
#include "quantize/importance_file.h"
#include "quantize/importance_run.h"
#include "report_dict.h"
#include "text/pretty_json.h"
#include "word_options.h"

namespace wick::python {
namespace {

using namespace py::literals;

double share(std::uint64_t done, std::uint64_t all) {
  return static_cast<double>(done) / static_cast<double>(all);
}

/// Tells `progress`, and hears signals where the core asks for nothing. What was raised waits for
/// `cancelled`: it need not pass through a plugin that is being loaded.
auto teller(PythonCalls& calls, const py::object& progress) {
  return [&calls, &progress](std::string_view what, double done) {
    if (!progress.is_none()) calls.call([&] { progress(what, done); });
    calls.raised();
  };
}

/// The bytes of a file, with the core's sentence where there is none.
py::bytes read_text(const std::string& path) {
  const MappedFile file = MappedFile::open(path);
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

/// The report of what was made, and as text of JSON the one of what it cost.
py::tuple measured(Runtime& runtime, const py::dict& words, const py::object& progress) {
  QualityOptions options;
  options.quantize = quantize_options(words);
  options.sweep = words["sweep"].cast<std::vector<std::string>>();
  options.scratch = words["scratch"].cast<std::string>();
  options.model = device_options(words);
  options.window = words["context"].cast<std::uint32_t>();
  options.text = words["text"].cast<std::optional<std::string>>();
  options.text_name = words["report_text"].cast<std::string>();
  const auto paths = words["report"].cast<std::vector<std::string>>();
  PythonCalls calls;
  options.progress = teller(calls, progress);
  options.cancelled = [&] { return calls.raised(); };
  const QualityReport report = without_gil(calls, [&] {
    ReportFiles files(paths, options.quantize.source, options.quantize.force);
    QualityReport made = measure_quality(runtime, options);
    files.write(made);
    return made;
  });
  return py::make_tuple(report_dict(report.candidates.front().quantized),
                        pretty_json(report_json(report)));
}

std::string compared(Runtime& runtime, const py::dict& words, const std::string& text,
                     const py::object& progress) {
  CompareFiles files;
  files.path_a = words["a"].cast<std::string>();
  files.path_b = words["b"].cast<std::string>();
  files.model = device_options(words);
  files.precise_a = words["precise_a"].cast<bool>();
  files.options.window = words["context"].cast<std::uint32_t>();
  PythonCalls calls;
  const auto tell = teller(calls, progress);
  files.model.progress = tell;
  files.loaded = [&](const Model&, const Model&) { calls.check(); };
  files.options.progress = [&](std::uint64_t done, std::uint64_t all, double) {
    tell("comparing", share(done, all));
  };
  files.options.cancelled = [&] { return calls.raised(); };
  return without_gil(
      calls, [&] { return pretty_json(comparison_json(compare_files(runtime, files, text))); });
}

py::dict collected(Runtime& runtime, const py::dict& words, const std::string& text,
                   const py::object& progress) {
  const std::string output = words["output"].cast<std::string>();
  refuse_existing(output, words["force"].cast<bool>());
  ImportanceRun run;
  run.model = device_options(words);
  run.model.path = words["path"].cast<std::string>();
  run.collect.window = words["context"].cast<std::uint32_t>();
  run.collect.max_windows = words["chunks"].cast<std::uint64_t>();
  PythonCalls calls;
  const auto tell = teller(calls, progress);
  run.model.progress = tell;
  run.loaded = [&](const Model& model, Session&) {
    calls.check();
    check_plugin_options(runtime.registry(), model.plan());
  };
  run.collect.progress = [&](std::uint64_t done, std::uint64_t all) {
    tell("collecting", share(done, all));
  };
  run.collect.cancelled = [&] { return calls.raised(); };
  const std::string name = words["text_name"].cast<std::string>();
  const Importance importance = without_gil(calls, [&] {
    Importance made = importance_of_run(runtime, run, text);
    if (!name.empty()) made.datasets = {name};
    calls.check();
    write_importance(output, made);
    return made;
  });
  return py::dict("output"_a = output, "n_tensors"_a = importance.entries.size(),
                  "n_tokens"_a = std::uint64_t{importance.n_windows} * importance.window,
                  "n_windows"_a = importance.n_windows, "window"_a = importance.window);
}

}  // namespace

void bind_quality(py::module_& module) {
  module.def("read_text", &read_text);
  module.def("measure_quality", &measured);
  module.def("compare", &compared);
  module.def("imatrix", &collected);
}

}  // namespace wick::python
