// The extension module wick._core. The package around it, in Python, is what users see.
#include "base/data_directory.h"
#include "base/version.h"
#include "bindings.h"

#include <string>

namespace wick::python {
namespace {

/// Another libwick would have other classes under the same names.
void check_library() {
  const std::string library(library_version());
  if (library == WICK_VERSION) return;
  const std::string sentence = "wick: the module is of version " WICK_VERSION " and libwick of " +
                               library + ", need the same; install both from one build";
  throw py::import_error(sentence);
}

void bind_all(py::module_& module) {
  check_library();
  module.attr("version") = WICK_VERSION;
  module.def("data_directory", [] { return data_directory().string(); });
  bind_errors(module);
  bind_runtime(module);
  bind_formats(module);
  bind_inspect(module);
  bind_quantize(module);
  bind_quality(module);
  bind_model(module);
  bind_generation(module);
}

}  // namespace
}  // namespace wick::python

PYBIND11_MODULE(_core, module) {
  wick::python::bind_all(module);
}
