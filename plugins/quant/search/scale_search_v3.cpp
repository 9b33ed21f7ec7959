// The search built for x86-64-v3.
#if defined(__x86_64__)
#include "search/search_kernels.h"

namespace wick::quant {
const ScaleSearch kScaleSearchV3 = &search_blocks;
}
#endif
