// top_k@1 of the backend under test.
#include "conformance/cases/top_k.h"
#include "under_test.h"

WICK_CONFORMANCE_SUITE(TopK, top_k_cases);
