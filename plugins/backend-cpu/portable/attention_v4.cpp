// The attention kernels for x86-64-v4.
#if defined(__x86_64__)
#include "portable/attention_kernels.h"

namespace wick::cpu {
const AttentionKernels kAttentionKernelsV4 = {attend, store_kv, KvType::kF16};
}
#endif
