// The table of IQ4_NL and IQ4_XS. Its values are format data, found by its author by clustering
// weights.
#pragma once

namespace wick::quant {

inline constexpr float kIq4Values[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                         1,    13,   25,  38,  53,  69,  89,  113};

}  // namespace wick::quant
