/* The golden layout, as C11 sees it. Compiling is the test. */
#include <wick/plugin_abi.h>

/* Structs grow at the end, so a later one may be larger. */
#define SIZE_1_0(type, bytes) _Static_assert(sizeof(type) >= (bytes), #type);
#define FIELD(type, field, offset) \
  _Static_assert(offsetof(type, field) == (offset), #type "." #field);

#include "abi_layout.inc"

_Static_assert(sizeof(wick_code) == 4, "wick_code");
_Static_assert(WICK_PLUGIN_MAGIC == 0x4b434957u, "the letters WICK in a little-endian file");
_Static_assert(WICK_ABI_MAJOR == 1, "the name of the symbol");
