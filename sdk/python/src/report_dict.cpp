// See report_dict.h.
#include "report_dict.h"

#include <pybind11/stl.h>

namespace wick::python {
namespace {

using namespace py::literals;

py::tuple described(const std::vector<QuantizedTensor>& tensors) {
  py::list list;
  for (const QuantizedTensor& tensor : tensors)
    list.append(py::dict("name"_a = tensor.name, "shape"_a = py::tuple(py::cast(tensor.dims)),
                         "source_type"_a = tensor.source_type, "type"_a = tensor.type,
                         "n_values"_a = tensor.n_values, "n_bytes"_a = tensor.n_bytes,
                         "relative_error"_a = tensor.relative_error()));
  return py::tuple(list);
}

py::tuple described(const std::vector<PlannedTensor>& tensors) {
  py::list list;
  for (const PlannedTensor& tensor : tensors)
    list.append(py::dict("name"_a = tensor.name, "shape"_a = py::tuple(py::cast(tensor.dims)),
                         "source_type"_a = tensor.stored.layout.name,
                         "type"_a = tensor.type.layout.name,
                         "n_values"_a = tensor.n_rows * tensor.n_cols,
                         "n_bytes"_a = tensor.n_rows * tensor.type.bytes(tensor.n_cols),
                         "relative_error"_a = py::none()));
  return py::tuple(list);
}

py::tuple described(const std::vector<ChosenType>& chosen) {
  py::list list;
  for (const ChosenType& each : chosen)
    list.append(py::dict("name"_a = each.tensor, "type"_a = each.type, "bits"_a = each.bits,
                         "relative_error"_a = each.error));
  return py::tuple(list);
}

template <class Tensor>
py::dict described(const QuantizeReport& report, const std::vector<Tensor>& tensors) {
  return py::dict("architecture"_a = report.architecture, "type"_a = report.type,
                  "n_tensors"_a = report.n_tensors, "n_values"_a = report.n_values,
                  "source_bytes"_a = report.source_bytes, "output_bytes"_a = report.output_bytes,
                  "notes"_a = py::tuple(py::cast(report.notes)),
                  "files"_a = py::tuple(py::cast(report.files)), "tensors"_a = described(tensors),
                  "chosen"_a = described(report.chosen));
}

}  // namespace

py::dict report_dict(const QuantizeReport& report) {
  return described(report, report.tensors);
}

py::dict plan_dict(const QuantizePlan& plan) {
  return described(plan.report, plan.tensors);
}

}  // namespace wick::python
