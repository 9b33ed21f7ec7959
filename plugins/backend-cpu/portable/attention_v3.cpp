// The attention kernels for x86-64-v3.
#if defined(__x86_64__)
#include "portable/attention_kernels.h"

namespace wick::cpu {
const AttentionKernels kAttentionKernelsV3 = {attend, store_kv, KvType::kF16};
}
#endif
