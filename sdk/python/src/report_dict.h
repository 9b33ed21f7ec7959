// What was made, or would be, as dictionaries of Python.
#pragma once

#include "bindings.h"
#include "quantize/quantizer.h"

namespace wick::python {

/// The fields of Python's QuantizeReport but `quality`.
py::dict report_dict(const QuantizeReport& report);
py::dict plan_dict(const QuantizePlan& plan);

}  // namespace wick::python
