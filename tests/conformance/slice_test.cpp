// slice@1 of the backend under test.
#include "conformance/cases/slice.h"
#include "under_test.h"

WICK_CONFORMANCE_SUITE(Slice, slice_cases);
