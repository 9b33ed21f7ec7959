// The attention kernels for x86-64-v4.
#include "portable/attention_kernels.h"

#if defined(__x86_64__)
namespace wick::cpu {
const AttentionKernels kAttentionKernelsV4 = kAttention;
}
#endif
