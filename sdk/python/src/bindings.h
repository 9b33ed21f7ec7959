// What the parts of the extension module add to it. Not for what they do: see their files.
#pragma once

#include <pybind11/pybind11.h>

namespace wick::python {

namespace py = pybind11;

void bind_errors(py::module_& module);
void bind_runtime(py::module_& module);
void bind_formats(py::module_& module);
void bind_inspect(py::module_& module);
void bind_quantize(py::module_& module);
void bind_quality(py::module_& module);
void bind_model(py::module_& module);
void bind_generation(py::module_& module);

}  // namespace wick::python
