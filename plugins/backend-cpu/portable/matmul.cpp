// The matmul kernels for x86-64 or any other CPU.
#include "portable/matmul_kernels.h"

namespace wick::cpu {
const MatmulKernels kMatmulKernels = kMatmul;
}
