// rope@1 of the backend under test.
#include "conformance/cases/rope.h"
#include "under_test.h"

WICK_CONFORMANCE_SUITE(Rope, rope_cases);
