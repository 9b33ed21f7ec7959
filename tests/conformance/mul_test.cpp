// mul@1 of the backend under test.
#include "conformance/cases/mul.h"
#include "under_test.h"

WICK_CONFORMANCE_SUITE(Mul, mul_cases);
