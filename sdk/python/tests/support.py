# What the tests of the module share: where files are, and what is absent.
import importlib
import os
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
SHARED = os.path.join(ROOT, "..", "shared")
BUNDLED = os.path.join(ROOT, "tests", "models", "ember-Q8_0.gguf")

try:
    import numpy as np  # noqa: F401
except ImportError as absent:
    print(f"skipped: {absent}; Debian has it in python3-numpy")
    sys.exit(77)
import wick


def module(name):
    """A package that is not always there; skips the test where it is not."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise unittest.SkipTest(f"the Python package {name} is not there") from None


def shared(*parts):
    """A file of the shared folder; skips the test where that is absent."""
    path = os.path.join(SHARED, *parts)
    if not os.path.exists(path):
        raise unittest.SkipTest(f"shared/{'/'.join(parts)} is not there")
    return path


class TestCase(unittest.TestCase):
    def folder(self):
        """A folder of its own, that goes away with the test."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return folder.name

    def assert_raises(self, kind, code, call, says=""):
        """One sentence, in which every word of `says` stands, of that class and code."""
        with self.assertRaises(kind) as caught:
            call()
        self.assertIsInstance(caught.exception, wick.Error)
        self.assertEqual(caught.exception.code, code)
        for word in says.split():
            self.assertIn(word, str(caught.exception))
        return caught.exception
