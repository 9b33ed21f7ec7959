// add@1 of the backend under test.
#include "conformance/cases/add.h"
#include "under_test.h"

WICK_CONFORMANCE_SUITE(Add, add_cases);
