# wick-static needs nothing but a kernel: its file is looked at, then it runs in a folder that holds no other.
"""WICK_TEST_PROGRAM: wick-static. WICK_TEST_SHARED_BUILD: a build tree of the usual program, for what must be the same; those tests
are skipped where it is not."""
import glob
import json
import os
import shutil
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["WICK_TEST_PROGRAM"]
SHARED_BUILD = os.environ.get("WICK_TEST_SHARED_BUILD", "")
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
MODEL = os.path.join(ROOT, "tests", "models", "ember-Q8_0.gguf")
MOST_BYTES = 20 << 20
SECONDS = 300
GREEDY = ["-p", "Once upon a time", "-n", "48", "--temp", "0"]
FOREIGN = "GNU C Library (Another) stable release version 2.99."


def output_of(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=SECONDS).stdout


def chroot_words():
    """How a command is started in another root folder: as root, or as one in a user namespace of its own; None where neither may be."""
    for words in ([] if os.geteuid() == 0 else None, ["unshare", "-r"]):
        if words is None or (words and not shutil.which(words[0])):
            continue
        found = [*words, "/usr/sbin/chroot"]
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(PROGRAM, os.path.join(folder, "wick-static"))
            if subprocess.run([*found, folder, "/wick-static", "--version"], capture_output=True, timeout=SECONDS).returncode == 0:
                return found
    return None


class TheFile(unittest.TestCase):
    def test_asks_for_no_interpreter_and_no_library(self):
        self.assertNotIn("INTERP", output_of("readelf", "-lW", PROGRAM))
        self.assertNotIn("NEEDED", output_of("readelf", "-dW", PROGRAM))

    def test_is_small_with_its_model(self):
        with tempfile.TemporaryDirectory() as folder:
            stripped = os.path.join(folder, "stripped")
            subprocess.run(["strip", "-o", stripped, PROGRAM], check=True)
            self.assertGreater(os.path.getsize(stripped), os.path.getsize(MODEL))
            self.assertLessEqual(os.path.getsize(stripped), MOST_BYTES)


class Alone(unittest.TestCase):
    """In a root folder of its own, or at least without environment where no such may be made."""

    @classmethod
    def setUpClass(cls):
        cls.enter = chroot_words()

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copy(PROGRAM, os.path.join(self.folder, "wick-static"))

    def path(self, name):
        """Of a file in the folder, as the program sees it."""
        return f"/{name}" if self.enter else os.path.join(self.folder, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(os.path.join(self.folder, name)), exist_ok=True)
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def start(self, *words):
        words = [*self.enter, self.folder, "/wick-static", *words] if self.enter else [self.path("wick-static"), *words]
        return subprocess.run(words, env={}, capture_output=True, text=True, timeout=SECONDS, check=False)

    def wick(self, *words):
        process = self.start(*words)
        self.assertEqual(process.returncode, 0, process.stderr)
        return process.stdout

    def add_plugin(self):
        """A manifest for a backend that is not built in, and a library of no use."""
        manifest = {"wick_manifest": 1, "id": "org.example.fast", "version": "1.0", "abi": [1, 0], "library": "fast.so",
                    "provides": [{"kind": "backend", "id": "fast", "probe": "child"}]}
        self.write("plugins/org.example.fast.wick.json", json.dumps(manifest))
        self.write("plugins/fast.so", "")
        return self.path("plugins/org.example.fast.wick.json")

    def test_speaks_with_no_other_file(self):
        self.assertGreater(len(self.wick(*GREEDY)), 40)

    def test_a_model_beside_it_is_as_good_as_its_own(self):
        shutil.copy(MODEL, os.path.join(self.folder, "model.gguf"))
        self.assertEqual(self.wick("-m", self.path("model.gguf"), *GREEDY), self.wick(*GREEDY))

    def test_says_that_its_plugins_are_built_in(self):
        rows = json.loads(self.wick("plugins", "--json"))
        states = {row["id"]: row["state"] for row in rows}
        for name in ("cpu", "llama", "lfm2", "Q4_K", "Q8_0"):
            self.assertEqual(states[name], "built-in", name)
        self.assertIn("built-in", self.wick("plugins"))

    def test_has_the_recipes(self):
        self.wick("quantize", "built-in:/models/ember-Q8_0.gguf", self.path("small.gguf"), "--type", "Q4_K_M")
        self.assertGreater(len(self.wick("-m", self.path("small.gguf"), *GREEDY)), 40)

    def test_opens_no_library_without_its_c_library(self):
        if not self.enter:
            self.skipTest("no root folder of one's own may be made here")
        process = self.start("plugins", "--plugin", self.add_plugin())
        self.assertIn("abi-mismatch", process.stdout + process.stderr)
        self.assertIn("opens libraries only beside the C library that it is linked with, got none, need GNU C Library",
                      process.stdout + process.stderr)

    def test_opens_no_library_beside_another_c_library(self):
        if not self.enter:
            self.skipTest("no root folder of one's own may be made here")
        self.write("lib/libc.so.6", f"\n{FOREIGN}\n")
        process = self.start("run", "--plugin", self.add_plugin(), *GREEDY)
        self.assertEqual(process.returncode, 3, process.stderr)
        self.assertIn(f"got {FOREIGN}, need GNU C Library", process.stderr)

    def test_what_it_has_not_is_said_in_a_sentence(self):
        self.write("file.so", "")
        for words in (["plugins", "check", self.path("file.so")], ["plugins", "new", "arch", "my-models"]):
            process = self.start(*words)
            self.assertIn(process.returncode, (3, 4), process.stderr)
            self.assertEqual(len(process.stderr.splitlines()), 1, process.stderr)


@unittest.skipUnless(os.path.exists(os.path.join(SHARED_BUILD, "bin", "wick")), "there is no build with shared libraries")
class BesideTheSharedBuild(unittest.TestCase):
    def test_says_the_same(self):
        self.assertEqual(output_of(PROGRAM, *GREEDY), output_of(os.path.join(SHARED_BUILD, "bin", "wick"), *GREEDY))

    def test_takes_a_plugin_of_it_where_the_c_library_is_the_same(self):
        manifest = glob.glob(os.path.join(SHARED_BUILD, "lib*", "**", "org.wick.quant.wick.json"), recursive=True)[0]
        rows = json.loads(output_of(PROGRAM, "plugins", "--json", "--plugin", manifest))
        states = {row["state"] for row in rows if row["path"] == manifest}
        self.assertEqual(states, {"loaded"})
        self.assertEqual({row["state"] for row in rows if row["path"].startswith("built-in:") and row["id"] == "Q8_0"}, {"shadowed"})
        self.assertEqual(output_of(PROGRAM, "--plugin", manifest, *GREEDY), output_of(PROGRAM, *GREEDY))


if __name__ == "__main__":
    unittest.main()
