// wick::quantize and plan_quantize with a callback of Python.
#include "quantize/quantizer.h"

#include "bindings.h"
#include "plugins/runtime.h"
#include "python_calls.h"
#include "report_dict.h"
#include "word_options.h"

namespace wick::python {
namespace {

/// quantize() or plan_quantize(), as `work` says.
template <class Work>
auto run(QuantizeOptions& options, const py::object& progress, const Work& work) {
  PythonCalls calls;
  const auto tell = [&](const char* what) {
    return [&calls, &progress, what](double done) { calls.call([&] { progress(what, done); }); };
  };
  if (!progress.is_none()) {
    options.progress = tell("quantizing");
    options.imatrix_progress = tell("collecting importance");
    options.measuring_progress = tell("measuring types");
  }
  options.cancelled = [&] { return calls.raised(); };
  return without_gil(calls, work);
}

py::dict quantize_file(Runtime& runtime, const py::dict& words, const py::object& progress) {
  QuantizeOptions options = quantize_options(words);
  return report_dict(run(options, progress, [&] { return quantize(runtime, options); }));
}

py::dict plan_file(Runtime& runtime, const py::dict& words, const py::object& progress) {
  QuantizeOptions options = quantize_options(words);
  const QuantizePlan plan = run(options, progress, [&] { return plan_quantize(runtime, options); });
  return plan_dict(plan);
}

}  // namespace

void bind_quantize(py::module_& module) {
  module.def("quantize", &quantize_file);
  module.def("plan_quantize", &plan_file);
}

}  // namespace wick::python
