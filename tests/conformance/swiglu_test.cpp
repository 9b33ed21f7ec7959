// swiglu@1 of the backend under test.
#include "conformance/cases/swiglu.h"
#include "under_test.h"

WICK_CONFORMANCE_SUITE(Swiglu, swiglu_cases);
