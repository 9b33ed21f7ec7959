# The built examples, and the test class of the end-to-end tests. Not for first-party plugins.
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "end_to_end"))
import program  # noqa: E402

FIXTURES = os.path.join(HERE, "fixtures")
_BUILT = os.environ.get("WICK_TEST_EXAMPLES", os.path.join(program.ROOT, "build", "release", "tests", "examples", "gcc"))


def folder(example):
    """Its manifest and library: what a WICK_PLUGIN_PATH names."""
    return os.path.join(_BUILT, example, "plugins")


def library(example):
    return os.path.join(folder(example), f"libwick-{example}.so")


def row_errors(got, want):
    """Relative L2 error of each row of two read_npy()."""
    assert got[:2] == want[:2], (got[:2], want[:2])
    n = got[1]
    errors = []
    for row in range(got[0]):
        pairs = list(zip(got[2][row * n:(row + 1) * n], want[2][row * n:(row + 1) * n]))
        errors.append((sum((a - b) ** 2 for a, b in pairs) / sum(b * b for _, b in pairs)) ** 0.5)
    return errors
