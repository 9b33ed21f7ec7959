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
  const auto tell = [&](const char* what) {
    return [&calls, &progress, what](double done) { calls.call([&] { progress(what, done); }); };
  };
  if (!progress.is_none()) {
    options.progress = tell("quantizing");
    options.imatrix_progress = tell("collecting importance");
  }
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

py::tuple described(const std::vector<QuantizedTensor>& tensors) {
  py::list list;
  for (const QuantizedTensor& tensor : tensors)
    list.append(py::dict("name"_a = tensor.name, "shape"_a = py::tuple(py::cast(tensor.dims)),
                         "source_type"_a = tensor.source_type, "type"_a = tensor.type,
                         "n_values"_a = tensor.n_values, "n_bytes"_a = tensor.n_bytes,
                         "relative_error"_a = tensor.relative_error()));
  return py::tuple(list);
}

py::dict quantize_file(Runtime& runtime, const py::dict& words, const py::object& progress) {
  QuantizeOptions options;
  options.source = words["source"].cast<std::string>();
  options.output = words["output"].cast<std::string>();
  options.type = words["type"].cast<std::string>();
  options.pure = words["pure"].cast<bool>();
  options.user_types.tensors =
      words["tensor_types"].cast<std::vector<std::pair<std::string, std::string>>>();
  options.user_types.output = words["output_type"].cast<std::string>();
  options.user_types.embedding = words["embedding_type"].cast<std::string>();
  options.imatrix_file = words["imatrix"].cast<std::string>();
  options.imatrix_text = words["imatrix_text"].cast<std::string>();
  options.keep_split = words["keep_split"].cast<bool>();
  options.measure = words["measure"].cast<bool>();
  options.force = words["force"].cast<bool>();
  options.allow_nonfinite = words["allow_nonfinite"].cast<bool>();
  const QuantizeReport report = run(runtime, options, progress);
  return py::dict("architecture"_a = report.architecture, "type"_a = report.type,
                  "n_tensors"_a = report.n_tensors, "n_values"_a = report.n_values,
                  "source_bytes"_a = report.source_bytes, "output_bytes"_a = report.output_bytes,
                  "notes"_a = py::tuple(py::cast(report.notes)),
                  "files"_a = py::tuple(py::cast(report.files)),
                  "tensors"_a = described(report.tensors));
}

}  // namespace

void bind_quantize(py::module_& module) {
  module.def("quantize", &quantize_file);
}

}  // namespace wick::python
