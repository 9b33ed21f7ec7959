// The attention kernels for x86-64 or any other CPU.
#include "portable/attention_kernels.h"

namespace wick::cpu {
const AttentionKernels kAttentionKernels = {attend, store_kv, KvType::kF16};
}
