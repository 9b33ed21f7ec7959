// The elementwise kernels for x86-64-v4.
#include "portable/elementwise_kernels.h"

#if defined(__x86_64__)
namespace wick::cpu {
const ElementwiseKernels kElementwiseKernelsV4 = kElementwise;
}
#endif
