// What steps see while a run is enqueued: memory of values, rows, and run(). The queue is in order,
// so nothing here waits. Not for what is computed.
#pragma once

#include <functional>
#include <vector>

#include "batch.h"
#include "program.h"

namespace wick::opencl {

/// Work items in all and of a workgroup, by dimension.
struct Range {
  std::size_t x, y, local_x, local_y;
};
/// Workgroups of `local` items in a row, `x` by `y` of them.
inline Range workgroups(std::uint64_t x, std::uint32_t local, std::uint64_t y = 1) {
  return {x * local, y, local, 1};
}
/// At least n items in a row, by `y`.
inline Range items(std::uint64_t n, std::uint32_t local, std::uint64_t y = 1) {
  return workgroups((n + local - 1) / local, local, y);
}

/// An argument that is local memory of a workgroup.
struct LocalBytes {
  std::size_t n;
};

class Launcher {
 public:
  using Mark = std::function<void(cl_event)>;

  /// `memory`: of every value, then of every state. `epoch` changes when any memory is another one.
  /// `mark` gets an event of every kernel; may be empty.
  Launcher(Device& device, const Program& program, const Batch& batch,
           const std::vector<cl_mem>& memory, std::uint64_t epoch, std::uint32_t n_tokens,
           std::uint32_t n_outputs, Mark mark)
      : device_(device),
        program_(program),
        batch_(batch),
        memory_(memory),
        epoch_(epoch),
        n_tokens_(n_tokens),
        n_outputs_(n_outputs),
        mark_(std::move(mark)) {}

  cl_mem memory(std::uint32_t value) const noexcept { return memory_[value]; }
  /// Null for WICK_NONE: kernels ask.
  cl_mem optional(std::uint32_t value) const noexcept {
    return value == WICK_NONE ? nullptr : memory_[value];
  }
  std::uint32_t n_rows(std::uint32_t value) const noexcept {
    return program_.values().all()[value].rows_are_outputs ? n_outputs_ : n_tokens_;
  }
  std::uint32_t n_tokens() const noexcept { return n_tokens_; }
  const Batch& batch() const noexcept { return batch_; }
  Device& device() const noexcept { return device_; }
  /// The same, with no events: for what is run to be timed.
  Launcher unmarked() const {
    Launcher quiet = *this;
    quiet.mark_ = {};
    return quiet;
  }

  /// Enqueues a kernel with these arguments, in the order of its parameters: cl_mem, LocalBytes, or
  /// what is passed by value.
  template <class... Arguments>
  void run(const Kernel& kernel, const Range& range, const Arguments&... arguments) {
    if (range.x == 0 || range.y == 0) return;
    cl_uint index = 0;
    (set(*kernel, index++, arguments), ...);
    enqueue(kernel->handle(), range);
  }

  /// What another library enqueues: enqueue(queue, event), the event null where nothing is marked.
  template <class Enqueue>
  void run_foreign(const Enqueue& enqueue) {
    cl_event event = nullptr;
    enqueue(device_.queue(), mark_ ? &event : nullptr);
    if (mark_) mark_(event);
  }

 private:
  template <class T>
  void set(KernelObject& kernel, cl_uint index, const T& value) {
    kernel.set(device_, epoch_, index, sizeof value, &value);
  }
  void set(KernelObject& kernel, cl_uint index, const LocalBytes& local) {
    kernel.set(device_, epoch_, index, local.n, nullptr);
  }
  void enqueue(cl_kernel kernel, const Range& range);

  Device& device_;
  const Program& program_;
  const Batch& batch_;
  const std::vector<cl_mem>& memory_;
  std::uint64_t epoch_;
  std::uint32_t n_tokens_, n_outputs_;
  Mark mark_;
};

}  // namespace wick::opencl
