// wick::quantize with a callback of Python.
#include "quantize/quantizer.h"

#include <pybind11/stl.h>
#include <wick/error.h>

#include "bindings.h"
#include "plugins/runtime.h"
#include "python_calls.h"

namespace wick::python {
namespace {

using namespace py::literals;

QuantizeReport run(Runtime& runtime, QuantizeOptions& options, const py::object& progress) {
  PythonCalls calls;
  if (!progress.is_none())
    options.progress = [&](double done) { calls.call([&] { progress(done); }); };
  options.cancelled = [&] { return calls.raised(); };
  const py::gil_scoped_release released;
  try {
    QuantizeReport report = quantize(runtime, options);
    calls.rethrow();
    return report;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled) calls.rethrow();
    throw;
  }
}

py::dict quantize_file(Runtime& runtime, const py::dict& words, const py::object& progress) {
  QuantizeOptions options;
  options.source = words["source"].cast<std::string>();
  options.output = words["output"].cast<std::string>();
  options.type = words["type"].cast<std::string>();
  options.force = words["force"].cast<bool>();
  options.allow_nonfinite = words["allow_nonfinite"].cast<bool>();
  const QuantizeReport report = run(runtime, options, progress);
  return py::dict("architecture"_a = report.architecture, "type"_a = report.type,
                  "n_tensors"_a = report.n_tensors, "n_values"_a = report.n_values,
                  "source_bytes"_a = report.source_bytes, "output_bytes"_a = report.output_bytes,
                  "notes"_a = py::tuple(py::cast(report.notes)));
}

}  // namespace

void bind_quantize(py::module_& module) {
  module.def("quantize", &quantize_file);
}

}  // namespace wick::python
