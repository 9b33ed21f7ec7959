// See launcher.h.
#include "launcher.h"

namespace wick::opencl {

void Launcher::enqueue(cl_kernel kernel, const Range& range) {
  const std::size_t global[2] = {range.x, range.y}, local[2] = {range.local_x, range.local_y};
  cl_event event = nullptr;
  device_.check(api().EnqueueNDRangeKernel(device_.queue(), kernel, 2, nullptr, global, local, 0,
                                           nullptr, mark_ ? &event : nullptr),
                "clEnqueueNDRangeKernel");
  if (mark_) mark_(event);
}

}  // namespace wick::opencl
