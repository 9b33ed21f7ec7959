#!/usr/bin/env python3
"""Writes iq_grids.h from the grids in the `gguf` Python package (pip install gguf). With --check only
compares. Exit code 77: the package is not installed."""
import argparse
import pathlib
import sys

try:
    from gguf import quants
except ImportError:
    print("the Python package gguf is not installed; pip install gguf")
    sys.exit(77)

OUTPUT = pathlib.Path(__file__).with_name("iq_grids.h")
HEADER = """\
// The lattice points of the IQ formats: part of these formats, as the `gguf` Python package has
// them. Written by make_grids.py, do not edit. A point is eight codes of 2 bits or (IQ3) four of 4,
// the first in the lowest bits; what a code stands for is said beside each format.
#pragma once

#include <cstdint>

namespace wick::quant {
"""
GRIDS = [
    ("kIq1Grid", "IQ1_S"),
    ("kIq2XxsGrid", "IQ2_XXS"),
    ("kIq2XsGrid", "IQ2_XS"),
    ("kIq2SGrid", "IQ2_S"),
    ("kIq3XxsGrid", "IQ3_XXS"),
    ("kIq3SGrid", "IQ3_S"),
]


def points(grid_hex):
    """Every point is two bytes, whatever the number of bits of a code."""
    data = bytes.fromhex(grid_hex.decode())
    return [data[i] | data[i + 1] << 8 for i in range(0, len(data), 2)]


def table(name, type_name):
    numbers = [f"0x{point:04x}" for point in points(getattr(quants, type_name).grid_hex)]
    rows = [", ".join(numbers[i:i + 12]) for i in range(0, len(numbers), 12)]
    return f"inline constexpr std::uint16_t {name}[{len(numbers)}] = {{\n    " + ",\n    ".join(rows) + "};\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if iq_grids.h is not what would be written")
    arguments = parser.parse_args()
    text = "\n".join([HEADER, *(table(*grid) for grid in GRIDS), "}  // namespace wick::quant\n"])
    if not arguments.check:
        OUTPUT.write_text(text)
    elif OUTPUT.read_text() != text:
        sys.exit(f"{OUTPUT.name} is not what make_grids.py writes; run it and commit the result")


if __name__ == "__main__":
    main()
