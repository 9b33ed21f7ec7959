// The elementwise kernels for x86-64 or any other CPU.
#include "portable/elementwise_kernels.h"

namespace wick::cpu {
const ElementwiseKernels kElementwiseKernels = kElementwise;
}
