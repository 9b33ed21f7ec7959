#!/usr/bin/env python3
"""Writes decoded_hashes.h: what the `gguf` Python package (pip install gguf) decodes blocks of random
bytes to, as one number a format. With --check only compares. Exit code 77: the package is not installed."""
import argparse
import pathlib
import sys

try:
    import gguf
    import numpy as np
except ImportError:
    print("the Python package gguf is not installed; pip install gguf")
    sys.exit(77)

OUTPUT = pathlib.Path(__file__).with_name("decoded_hashes.h")
N_BLOCKS = 1024
NAMES = """Q4_0 Q4_1 Q5_0 Q5_1 Q8_0 Q2_K Q3_K Q4_K Q5_K Q6_K IQ4_NL IQ4_XS MXFP4 TQ1_0 TQ2_0
           IQ1_S IQ1_M IQ2_XXS IQ2_XS IQ2_S IQ3_XXS IQ3_S""".split()
HEADER = f"""\
// What another implementation of these formats (the `gguf` Python package) decodes random blocks
// to. Written by make_decoded_hashes.py, do not edit.
#pragma once

#include <cstdint>

namespace wick::quant {{

inline constexpr int kHashedBlocks = {N_BLOCKS};

struct DecodedHash {{
  const char* name;
  std::uint32_t gguf_type, block_values, block_bytes;
  std::uint64_t hash;
}};

// clang-format off
inline constexpr DecodedHash kDecodedHashes[] = {{
"""


def mixed(x):
    """The splitmix64 generator."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def random_bytes(seed, n):
    counter = np.arange(1, (n + 7) // 8 + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return mixed(counter + np.uint64(seed << 32)).view(np.uint8)[:n]


def decode(blocks, quantization):
    with np.errstate(all="ignore"):
        values = gguf.quants.dequantize(blocks, quantization).astype(np.float32)
    if quantization.name == "MXFP4":  # by the standard exponent 255 is a NaN; the package has no NaN
        values[blocks[:, 0] == 255] = np.nan
    return values


def hash_of(values):
    """Of the bits; any NaN is one NaN, and the sign of a zero does not count."""
    bits = (values + np.float32(0)).view(np.uint32)
    bits = np.where(np.isnan(values), np.uint32(0x7FC00000), bits).astype(np.uint64).ravel()
    place = np.arange(bits.size, dtype=np.uint64) << np.uint64(32)
    return int(mixed(bits + place).sum(dtype=np.uint64))


def row(name):
    quantization = gguf.GGMLQuantizationType[name]
    n_values, n_bytes = gguf.GGML_QUANT_SIZES[quantization]
    blocks = random_bytes(quantization.value, N_BLOCKS * n_bytes).reshape(N_BLOCKS, n_bytes)
    value = hash_of(decode(blocks, quantization))
    return f'    {{"{name}", {quantization.value}, {n_values}, {n_bytes}, 0x{value:016x}u}},\n'


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if decoded_hashes.h is not what would be written")
    arguments = parser.parse_args()
    text = HEADER + "".join(map(row, NAMES)) + "};\n// clang-format on\n\n}  // namespace wick::quant\n"
    if not arguments.check:
        OUTPUT.write_text(text)
    elif OUTPUT.read_text() != text:
        sys.exit(f"{OUTPUT.name} is not what {pathlib.Path(__file__).name} writes; run it and commit the result")


if __name__ == "__main__":
    main()
