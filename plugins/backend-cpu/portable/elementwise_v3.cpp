// The elementwise kernels for x86-64-v3.
#include "portable/elementwise_kernels.h"

#if defined(__x86_64__)
namespace wick::cpu {
const ElementwiseKernels kElementwiseKernelsV3 = kElementwise;
}
#endif
