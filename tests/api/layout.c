/* The golden layout, as C11 sees it. Compiling is the test. */
#include <stddef.h>
#include <wick/wick.h>

/* Structs grow at the end, so a later one may be larger. */
#define SIZE_1(type, bytes) _Static_assert(sizeof(type) >= (bytes), #type);
#define FIELD(type, field, offset) \
  _Static_assert(offsetof(type, field) == (offset), #type "." #field);

#include "layout.inc"
