// short_conv@1 of the backend under test.
#include "conformance/cases/short_conv.h"
#include "under_test.h"

WICK_CONFORMANCE_SUITE(ShortConv, short_conv_cases);
