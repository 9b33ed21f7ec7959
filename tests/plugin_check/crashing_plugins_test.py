"""Backends that crash or hang when they are tried, beside the ones that work: `wick plugins` shows them, `wick run` goes on
without. Environment: WICK_TEST_PROGRAM, WICK_TEST_MODULES (the libraries)."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["WICK_TEST_PROGRAM"]
MODULES = pathlib.Path(os.environ["WICK_TEST_MODULES"])
RUN = ["run", "-p", "Once upon a time", "-n", "4", "--temp", "0"]


class CrashingPlugins(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def add(self, module, backend="shaky"):
        library = pathlib.Path(self.folder.name, module + ".so")
        shutil.copy(MODULES / library.name, library)
        manifest = {"wick_manifest": 1, "id": "org.test.plugin", "version": "1.0.0", "abi": [1, 0],
                    "library": library.name,
                    "provides": [{"kind": "backend", "id": backend, "rank": 90, "probe": "child"}]}
        file = pathlib.Path(self.folder.name, "org.test.plugin.wick.json")
        file.write_text(json.dumps(manifest), encoding="utf-8")
        library.chmod(0o755)
        file.chmod(0o644)

    def wick(self, *words):
        environment = dict(os.environ, WICK_PLUGIN_PATH=self.folder.name, XDG_CACHE_HOME=self.folder.name + "/cache")
        return subprocess.run([PROGRAM, *words], env=environment, capture_output=True, text=True, timeout=120)

    def row(self, *words, backend="shaky"):
        rows = json.loads(self.wick("plugins", "--json", *words).stdout)
        states = {row["id"]: row["state"] for row in rows}
        self.assertEqual(states["cpu"], "loaded")
        return next(row for row in rows if row["id"] == backend)

    def test_a_crash_is_shown_and_does_no_harm(self):
        plain = self.wick(*RUN).stdout
        self.assertTrue(plain)
        for module, where in (("crash_in_constructor", "static constructors"), ("crash_in_init", "init()")):
            with self.subTest(module):
                self.add(module)
                row = self.row()
                self.assertEqual(row["state"], "crashed")
                self.assertIn(where, row["sentence"])
                self.assertIn("SIG", row["sentence"])
                self.assertEqual(self.wick(*RUN, "--backend", "cpu").stdout, plain)
                self.assertEqual(self.wick(*RUN).stdout, plain)

    def test_an_explicit_request_is_an_error(self):
        self.add("crash_in_init")
        result = self.wick(*RUN, "--backend", "shaky")
        self.assertEqual((result.returncode, result.stdout), (3, ""))
        self.assertIn("crashes in init() with SIG", result.stderr)

    def test_a_hang_ends_after_five_seconds(self):
        self.add("hang_in_init")
        row = self.row()
        self.assertEqual(row["state"], "probe-failed")
        self.assertIn("no answer in 5 s", row["sentence"])

    def test_why_shows_what_was_printed(self):
        self.add("crash_in_constructor")
        result = self.wick("plugins", "--why", "shaky")
        self.assertIn("the constructor says goodbye", result.stdout)

    def test_what_was_found_is_kept_until_told_otherwise(self):
        self.add("crash_in_init")
        first, kept, tried_again = self.row(), self.row(), self.row("--rescan")
        self.assertEqual(kept["sentence"], first["sentence"])
        self.assertIn("wick plugins --rescan", kept["hint"])
        self.assertEqual((first["hint"], tried_again["hint"]), ("", ""))
        why = json.loads(self.wick("plugins", "--why", "shaky", "--json").stdout)[0]
        self.assertGreaterEqual(why["probe_age_s"], 0)
        self.assertIn("init was reached", why["probe_stderr"])
        self.assertIn("in an earlier start", self.wick("plugins", "--why", "shaky").stdout)
        self.assertIsNone(json.loads(self.wick("plugins", "--why", "shaky", "--rescan", "--json").stdout)[0]["probe_age_s"])

    def test_a_driver_that_is_missing_is_never_silent(self):
        plain = self.wick(*RUN).stdout
        for answer, state in (("driver", "no-driver"), ("0", "no-device")):
            with self.subTest(state):
                self.add("devices", "idle")
                os.environ["WICK_TEST_DEVICES"] = answer
                self.addCleanup(os.environ.pop, "WICK_TEST_DEVICES", None)
                self.assertEqual(self.row(backend="idle")["state"], state)
                explicit = self.wick(*RUN, "--backend", "idle")
                self.assertEqual((explicit.returncode, explicit.stdout), (3, ""))
                self.assertIn(state, explicit.stderr)
                automatic = self.wick(*RUN)
                self.assertEqual((automatic.returncode, automatic.stdout), (0, plain))
                lines = [line for line in automatic.stderr.splitlines() if line.startswith("wick: backend ")]
                self.assertEqual(len(lines), 1, automatic.stderr)
                self.assertIn("idle: ", lines[0])
                self.assertIn(state, lines[0])


if __name__ == "__main__":
    unittest.main()
