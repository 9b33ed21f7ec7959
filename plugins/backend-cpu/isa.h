// Which of the compiled instruction sets this machine runs, and the kernels of each.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "jit/isa.h"
#include "portable/kernels.h"

namespace wick::cpu {

namespace jit {
class KernelCache;
}

enum class Isa { kPortable, kV3, kV4 };

/// The kernels of one instruction set; the tables are static.
struct Kernels {
  Isa isa;
  std::string_view name;  ///< "x86-64-v4"
  const MatmulKernels* matmul;
  const ElementwiseKernels* elementwise;
  const AttentionKernels* attention;
  jit::Isa emits = jit::Isa::kNone;         ///< products by emitted kernels, where a class has them
  std::shared_ptr<jit::KernelCache> jit{};  ///< the device's
};

/// All that run here, slowest first: portable ones, then those whose products are emitted. The CPU
/// and its operating system are both asked.
std::vector<Kernels> usable_kernels();

}  // namespace wick::cpu
