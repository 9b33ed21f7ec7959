// The matmul kernels for x86-64-v3.
#if defined(__x86_64__)
#include "portable/matmul_kernels.h"

namespace wick::cpu {
const MatmulKernels kMatmulKernelsV3 = kMatmul;
}
#endif
