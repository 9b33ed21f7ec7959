// The matmul kernels for x86-64-v3.
#include "portable/matmul_kernels.h"

#if defined(__x86_64__)
namespace wick::cpu {
const MatmulKernels kMatmulKernelsV3 = kMatmul;
}
#endif
