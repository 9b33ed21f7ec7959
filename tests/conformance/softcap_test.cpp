// softcap@1 of the backend under test.
#include "conformance/cases/softcap.h"
#include "under_test.h"

WICK_CONFORMANCE_SUITE(Softcap, softcap_cases);
