// silu@1 of the backend under test.
#include "conformance/cases/silu.h"
#include "under_test.h"

WICK_CONFORMANCE_SUITE(Silu, silu_cases);
