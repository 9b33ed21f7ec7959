// The texts of this plugin's kernels. A file NAME.cl holds one kernel, NAME. kernels.cmake lists
// them.
#pragma once

#include <cstdint>

namespace wick::opencl {

enum class KernelFile : std::uint32_t {
#define WICK_KERNEL(name) name,
#include <kernel_list.inc>
#undef WICK_KERNEL
};

struct KernelSource {
  const char *name, *text;
};

const KernelSource& kernel_source(KernelFile file) noexcept;

}  // namespace wick::opencl
