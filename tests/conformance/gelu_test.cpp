// gelu@1 of the backend under test.
#include "conformance/cases/gelu.h"
#include "under_test.h"

WICK_CONFORMANCE_SUITE(Gelu, gelu_cases);
