// matmul_experts@1 of the backend under test.
#include "conformance/cases/matmul_experts.h"
#include "under_test.h"

WICK_CONFORMANCE_SUITE(MatmulExperts, matmul_experts_cases);
