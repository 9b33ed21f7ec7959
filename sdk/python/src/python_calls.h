// Python seen from long work that has given the GIL up: signal handlers and callbacks. Not for
// short calls.
#pragma once

#include <pybind11/pybind11.h>
#include <wick/error.h>

#include <chrono>
#include <exception>
#include <utility>

namespace wick::python {

namespace py = pybind11;

/// All functions are for a thread without the GIL. The first exception of Python is kept, so that
/// it need not pass through the core.
class PythonCalls {
 public:
  /// Runs what signal handlers are due (that of Ctrl-C raises KeyboardInterrupt), a few times a
  /// second at most. True once anything has raised.
  bool raised();
  /// call() with the GIL; not once anything has raised.
  template <class Call>
  void call(Call&& call) {
    if (error_) return;
    const py::gil_scoped_acquire gil;
    try {
      std::forward<Call>(call)();
    } catch (const py::error_already_set&) {
      error_ = std::current_exception();
    }
  }
  /// Throws what was kept, if anything was.
  void rethrow() const;
  /// raised() and rethrow() in one.
  void check();

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point next_ = Clock::now();
  std::exception_ptr error_;
};

/// Runs work that asks `calls`, and returns its result. What a callback raised comes first: it is
/// why the work was cancelled.
template <class Work>
auto without_gil(const PythonCalls& calls, const Work& work) {
  const py::gil_scoped_release released;
  try {
    auto result = work();
    calls.rethrow();
    return result;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled) calls.rethrow();
    throw;
  }
}

}  // namespace wick::python
