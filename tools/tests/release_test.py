# What tools/release refuses before it builds anything, in small repositories of its own.
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

TOOLS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FILES = {
    "CMakeLists.txt": "project(wick VERSION 1.2.3 LANGUAGES CXX)\n",
    "CMakePresets.json": '{ "version": 6 }\n',
    "CHANGELOG.md": "# Changes\n\n## 1.2.3\n\nNew.\n",
    "tests/api/layout.inc": "SIZE_1(wick_text, 16)\n",
    "sdk/tests/abi_layout.inc": "SIZE_1_0(wick_str, 16)\nFIELD(wick_str, data, 0)\n",
}


class Release(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.git("init", "-q")
        for name in ("release", "version"):
            os.makedirs(self.path("tools"), exist_ok=True)
            shutil.copy(os.path.join(TOOLS, name), self.path("tools"))
        for name, text in FILES.items():
            self.write(name, text)
        self.commit()

    def tearDown(self):
        self.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def git(self, *words):
        who = {f"GIT_{role}_{what}": "test@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        subprocess.run(["git", "-C", self.folder.name, *words], check=True, env=dict(os.environ, **who), stdout=subprocess.DEVNULL)

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "change")

    def sentence(self, *words):
        run = subprocess.run([self.path("tools/release"), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertNotEqual(run.returncode, 0, run.stdout)
        return run.stderr

    def test_refuses_a_tree_with_changes(self):
        self.write("CHANGELOG.md", FILES["CHANGELOG.md"] + "More.\n")
        self.assertIn("not committed", self.sentence("--check"))

    def test_refuses_a_version_that_the_changelog_does_not_know(self):
        for version in ("1.2.30", "2.0.0", "1.2"):
            self.write("CMakeLists.txt", f"project(wick VERSION {version} LANGUAGES CXX)\n")
            self.commit()
            self.assertIn(f"no section '## {version}'", self.sentence("--check"))

    def test_refuses_a_tree_that_lacks_a_part(self):
        self.assertIn("no tools/packages", self.sentence("--check"))
        self.assertIn("no preset 'static'", self.sentence("--check", "--without-packages"))

    def test_refuses_a_golden_layout_that_changed_since_the_release_before(self):
        self.git("tag", "v1.2.2")
        self.write("sdk/tests/abi_layout.inc", "SIZE_1_0(wick_str, 16)\nFIELD(wick_str, data, 8)\n")
        self.commit()
        self.assertIn("sdk/tests/abi_layout.inc of v1.2.2 is broken", self.sentence("--check"))
        self.write("sdk/tests/abi_layout.inc", FILES["sdk/tests/abi_layout.inc"] + "FIELD(wick_str, size, 8)\n")
        self.commit()
        self.assertIn("no tools/packages", self.sentence("--check"))  # what is added passes, and the next check speaks
        self.write("tests/api/layout.inc", "")
        self.commit()
        self.assertIn("tests/api/layout.inc of v1.2.2 is broken", self.sentence("--check"))

    def test_needs_a_folder_and_known_options(self):
        self.assertIn("need OUT_DIR", self.sentence())
        self.assertIn("'--fast'", self.sentence("--fast"))


if __name__ == "__main__":
    if shutil.which("git") is None:
        print("skipped: git is not installed")
        sys.exit(77)
    unittest.main()
