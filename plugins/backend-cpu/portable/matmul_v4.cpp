// The matmul kernels for x86-64-v4.
#include "portable/matmul_kernels.h"

#if defined(__x86_64__)
namespace wick::cpu {
const MatmulKernels kMatmulKernelsV4 = kMatmul;
}
#endif
