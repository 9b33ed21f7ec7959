// select_rows@1 of the backend under test.
#include "conformance/cases/select_rows.h"
#include "under_test.h"

WICK_CONFORMANCE_SUITE(SelectRows, select_rows_cases);
