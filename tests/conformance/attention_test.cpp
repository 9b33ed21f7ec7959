// attention@1 of the backend under test.
#include "conformance/cases/attention.h"
#include "under_test.h"

WICK_CONFORMANCE_SUITE(Attention, attention_cases);
