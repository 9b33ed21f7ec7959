// The elementwise kernels for x86-64-v3.
#if defined(__x86_64__)
#include "portable/elementwise_kernels.h"

namespace wick::cpu {
const ElementwiseKernels kElementwiseKernelsV3 = kElementwise;
}
#endif
