// Which of the compiled instruction sets this machine runs, and the kernels of each.
#pragma once

#include <string_view>
#include <vector>

#include "portable/kernels.h"

namespace wick::cpu {

enum class Isa { kPortable, kV3, kV4 };

/// The kernels of one instruction set; the tables are static.
struct Kernels {
  Isa isa;
  std::string_view name;  ///< "x86-64-v4"
  const MatmulKernels* matmul;
  const ElementwiseKernels* elementwise;
  const AttentionKernels* attention;
};

/// All that run here, slowest first; the CPU and its operating system are both asked.
std::vector<Kernels> usable_kernels();

}  // namespace wick::cpu
