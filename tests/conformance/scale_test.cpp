// scale@1 of the backend under test.
#include "conformance/cases/scale.h"
#include "under_test.h"

WICK_CONFORMANCE_SUITE(Scale, scale_cases);
