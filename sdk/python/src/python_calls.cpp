// See python_calls.h.
#include "python_calls.h"

namespace wick::python {
namespace {

// The GIL may take a few milliseconds to come; a person does not notice a twentieth of a second.
constexpr std::chrono::milliseconds kPause{50};

}  // namespace

bool PythonCalls::raised() {
  if (error_ || Clock::now() < next_) return error_ != nullptr;
  call([] {
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
  });
  next_ = Clock::now() + kPause;
  return error_ != nullptr;
}

void PythonCalls::rethrow() const {
  if (error_) std::rethrow_exception(error_);
}

void PythonCalls::check() {
  if (raised()) rethrow();
}

}  // namespace wick::python
