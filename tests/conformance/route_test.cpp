// route@1 of the backend under test.
#include "conformance/cases/route.h"
#include "under_test.h"

WICK_CONFORMANCE_SUITE(Route, route_cases);
