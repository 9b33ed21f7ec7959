// matmul@1 of the backend under test.
#include "conformance/cases/matmul.h"
#include "under_test.h"

WICK_CONFORMANCE_SUITE(Matmul, matmul_cases);
