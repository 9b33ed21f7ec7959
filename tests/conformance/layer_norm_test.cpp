// layer_norm@1 of the backend under test.
#include "conformance/cases/layer_norm.h"
#include "under_test.h"

WICK_CONFORMANCE_SUITE(LayerNorm, layer_norm_cases);
