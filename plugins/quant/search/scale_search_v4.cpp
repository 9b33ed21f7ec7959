// The search built for x86-64-v4.
#if defined(__x86_64__)
#include "search/search_kernels.h"

namespace wick::quant {
const ScaleSearch kScaleSearchV4 = &search_blocks;
}
#endif
