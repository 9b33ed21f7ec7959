// combine@1 of the backend under test.
#include "conformance/cases/combine.h"
#include "under_test.h"

WICK_CONFORMANCE_SUITE(Combine, combine_cases);
