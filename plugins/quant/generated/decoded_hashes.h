// What another implementation of these formats (the `gguf` Python package) decodes random blocks
// to. Written by make_decoded_hashes.py, do not edit.
#pragma once

#include <cstdint>

namespace wick::quant {

inline constexpr int kHashedBlocks = 1024;

struct DecodedHash {
  const char* name;
  std::uint32_t gguf_type, block_values, block_bytes;
  std::uint64_t hash;
};

// clang-format off
inline constexpr DecodedHash kDecodedHashes[] = {
    {"Q4_0", 2, 32, 18, 0x184b8ea7caa669fbu},
    {"Q4_1", 3, 32, 20, 0xba32f1d916441600u},
    {"Q5_0", 6, 32, 22, 0xf6255dcd7cd0fb63u},
    {"Q5_1", 7, 32, 24, 0xb13797ad844cd874u},
    {"Q8_0", 8, 32, 34, 0x09776154d17e9197u},
    {"Q2_K", 10, 256, 84, 0x50633152cdcdfaf0u},
    {"Q3_K", 11, 256, 110, 0xc08c216a99bdc538u},
    {"Q4_K", 12, 256, 144, 0xec02f7b95cab43c8u},
    {"Q5_K", 13, 256, 176, 0x9c8ca766d2f015f8u},
    {"Q6_K", 14, 256, 210, 0x0f7d4f5bc19d2e4cu},
    {"IQ4_NL", 20, 32, 18, 0xdbe3ed736c9f75ceu},
    {"IQ4_XS", 23, 256, 136, 0x9c44092f2aecc345u},
    {"MXFP4", 39, 32, 17, 0x14971ac50b473cb4u},
    {"TQ1_0", 34, 256, 54, 0xb82b73121c404750u},
    {"TQ2_0", 35, 256, 66, 0xe1bdf927b9d5931au},
    {"IQ1_S", 19, 256, 50, 0x127abcf15534e691u},
    {"IQ1_M", 29, 256, 56, 0x46cc0d3eba132badu},
    {"IQ2_XXS", 16, 256, 66, 0xa101a1e9b55aedbbu},
    {"IQ2_XS", 17, 256, 74, 0xa4b907d1555f64c3u},
    {"IQ2_S", 22, 256, 82, 0xf97f1fa0b68ecc58u},
    {"IQ3_XXS", 18, 256, 98, 0xb7e7d2ae2dd6274au},
    {"IQ3_S", 21, 256, 110, 0xb297d277737c5ff8u},
};
// clang-format on

}  // namespace wick::quant
