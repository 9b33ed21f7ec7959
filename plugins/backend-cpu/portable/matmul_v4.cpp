// The matmul kernels for x86-64-v4.
#if defined(__x86_64__)
#include "portable/matmul_kernels.h"

namespace wick::cpu {
const MatmulKernels kMatmulKernelsV4 = kMatmul;
}
#endif
