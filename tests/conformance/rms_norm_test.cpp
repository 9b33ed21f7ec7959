// rms_norm@1 of the backend under test.
#include "conformance/cases/rms_norm.h"
#include "under_test.h"

WICK_CONFORMANCE_SUITE(RmsNorm, rms_norm_cases);
