// Dictionaries of Python as options of the core. Not for what they mean: see the core's structs.
#pragma once

#include "bindings.h"
#include "model/model.h"
#include "quantize/quantizer.h"

namespace wick::python {

/// backend, layers, memory, precise.
ModelOptions device_options(const py::dict& words);
/// Everything of `wick.quantize` that says what is made.
QuantizeOptions quantize_options(const py::dict& words);

}  // namespace wick::python
