/* The plugin contract and the API in one file, in C11. Compiling is the test. */
#include <wick/plugin_abi.h>
#include <wick/wick.h>

_Static_assert(WICK_OK == WICK_STATUS_OK, "codes");
_Static_assert(WICK_INTERNAL == WICK_STATUS_INTERNAL, "codes");
_Static_assert(WICK_UNAVAILABLE == WICK_STATUS_UNAVAILABLE, "codes");
_Static_assert(WICK_BAD_FILE == WICK_STATUS_BAD_FILE, "codes");
_Static_assert(WICK_BAD_SHAPE == WICK_STATUS_BAD_SHAPE, "codes");
_Static_assert(WICK_BAD_ARGUMENT == WICK_STATUS_BAD_ARGUMENT, "codes");
_Static_assert(WICK_OUT_OF_MEMORY == WICK_STATUS_OUT_OF_MEMORY, "codes");
_Static_assert(WICK_CANCELLED == WICK_STATUS_CANCELLED, "codes");
_Static_assert(WICK_DEVICE_LOST == WICK_STATUS_DEVICE_LOST, "codes");
_Static_assert(WICK_INCOMPATIBLE == WICK_STATUS_INCOMPATIBLE, "codes");
_Static_assert(WICK_NOT_FOUND == WICK_STATUS_NOT_FOUND, "codes");
_Static_assert(WICK_LOG_DEBUG == WICK_LOG_LEVEL_DEBUG, "levels");
_Static_assert(WICK_LOG_ERROR == WICK_LOG_LEVEL_ERROR, "levels");
