// Memory of NumPy arrays, checked. Not for strided arrays: the package makes them contiguous.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>

namespace wick::python {

namespace py = pybind11;

/// A view of contiguous memory; the GIL is needed to make and to end it, not to use it.
template <class T>
class BufferView {
 public:
  /// Errors: ValueError, where the memory is no `n` values of T.
  BufferView(const py::buffer& buffer, std::uint64_t n, bool writable)
      : info_(buffer.request(writable)) {
    const auto bytes = static_cast<std::uint64_t>(info_.size * info_.itemsize);
    if (bytes != n * sizeof(T) || !is_contiguous())
      throw py::value_error("a buffer of the wrong size");
  }
  T* data() const noexcept { return static_cast<T*>(info_.ptr); }

 private:
  bool is_contiguous() const {
    py::ssize_t stride = info_.itemsize;
    for (std::size_t i = info_.shape.size(); i-- > 0;) {
      if (info_.shape[i] > 1 && info_.strides[i] != stride) return false;
      stride *= info_.shape[i];
    }
    return true;
  }

  py::buffer_info info_;
};

}  // namespace wick::python
