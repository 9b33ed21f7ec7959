// wick::Error as an exception of Python: the class that wick._errors has for its code.
#include "bindings.h"

#include <wick/error.h>

namespace wick::python {
namespace {

void raise(const Error& error) {
  const py::object make = py::module_::import("wick._errors").attr("error_of");
  const py::object made = make(static_cast<int>(error.code()), error.what(), error.hint());
  PyErr_SetObject(py::type::of(made).ptr(), made.ptr());
}

void translate(std::exception_ptr thrown) {
  try {
    if (thrown) std::rethrow_exception(thrown);
  } catch (const Error& error) {
    try {
      raise(error);
    } catch (py::error_already_set& failed) {
      failed.restore();
    }
  }
}

}  // namespace

void bind_errors(py::module_&) {
  py::register_local_exception_translator(translate);
}

}  // namespace wick::python
