// embed@1 of the backend under test.
#include "conformance/cases/embed.h"
#include "under_test.h"

WICK_CONFORMANCE_SUITE(Embed, embed_cases);
