"""A program with a driver that fails, for the faults_test.py of Vulkan and OpenCL: how it is run, and what every failure has.
Environment: WICK_TEST_PROGRAM, WICK_TEST_PLUGINS (a folder with plugins), WICK_TEST_MODEL (the model that is used without -m)."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.environ["WICK_TEST_PROGRAM"]
PLUGINS = pathlib.Path(os.environ["WICK_TEST_PLUGINS"])
RUN = ("run", "-p", "Once upon a time", "-n", "4", "--temp", "0")
BACKEND = os.environ["WICK_TEST_BACKEND"]
LAYER = json.loads(os.environ["WICK_TEST_LAYER"])  # variables by which the loader finds it
ON_DEVICE = ("--backend", BACKEND)


def wick(words, cache, faults="", **variables):
    environment = dict(os.environ, XDG_CACHE_HOME=str(cache), WICK_FAULTS=faults, **LAYER)
    environment.update(variables)
    return subprocess.run([PROGRAM, *words], env=environment, capture_output=True, text=True, timeout=120)


def state_of(cache, faults="", **variables):
    rows = json.loads(wick(("plugins", "--json"), cache, faults, **variables).stdout)
    return next(row for row in rows if row["id"] == BACKEND)


class Failures(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.cache = pathlib.Path(folder.name)
        self.cpu = wick((*RUN, "--backend", "cpu"), self.cache).stdout
        self.assertTrue(self.cpu)

    def assert_fails(self, says, words, *more, **variables):
        """One sentence, exit code 3, nothing on standard output."""
        result = wick((*words, *ON_DEVICE), self.cache, *more, **variables)
        self.assertEqual((result.returncode, result.stdout), (3, ""), result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        for word in (says, "wick: "):
            self.assertIn(word, result.stderr)
        return result.stderr

    def assert_goes_on(self, note, faults="", **variables):
        result = wick(RUN, self.cache, faults, **variables)
        self.assertEqual((result.returncode, result.stdout), (0, self.cpu), result.stderr)
        lines = [line for line in result.stderr.splitlines() if BACKEND in line]
        self.assertEqual(len(lines), 1, result.stderr)
        self.assertIn("wick: backend cpu (", lines[0])
        self.assertIn(note, lines[0])

    def check(self, state, says, faults="", **variables):
        row = state_of(self.cache, faults, **variables)
        self.assertEqual(row["state"], state, row)
        self.assertIn(says, row["sentence"])
        self.assert_fails(says, RUN, faults, **variables)
        self.assert_goes_on(f"{BACKEND}: {state}, see wick plugins --why {BACKEND}", faults, **variables)


def main():
    """Exit code 77 where no device is."""
    with tempfile.TemporaryDirectory() as first:
        found = state_of(first)
    if found["state"] != "loaded":
        print(f"skipped: no {BACKEND} device: {found['state']}, {found['sentence']}")
        sys.exit(77)
    unittest.main()
