# `uninstall` removes what was installed and Wick's own empty folders, and nothing of others.
import os
import subprocess
import tempfile
import unittest

SCRIPT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "cmake", "wick_uninstall.cmake")


def touch(path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    open(path, "w").close()


def uninstall(build, destdir=""):
    return subprocess.run(["cmake", f"-DBUILD_DIR={build}", "-P", SCRIPT], env=dict(os.environ, DESTDIR=destdir),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


class Uninstall(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.build = os.path.join(self.folder.name, "build")
        self.root = os.path.join(self.folder.name, "root of it")
        self.files = ["/usr/bin/wick", "/usr/lib/libwick.so.1", "/usr/lib/wick/plugins-1/libwick-quant.so", "/usr/share/wick/models/a.gguf"]
        for file in self.files:
            touch(self.root + file)
        for name, files in (("install_manifest.txt", self.files[:2]), ("install_manifest_sdk.txt", self.files[2:])):
            touch(os.path.join(self.build, name))
            with open(os.path.join(self.build, name), "w", encoding="utf-8") as manifest:
                manifest.write("\n".join(files))

    def tearDown(self):
        self.folder.cleanup()

    def test_removes_files_links_and_own_folders(self):
        os.remove(self.root + "/usr/lib/libwick.so.1")
        os.symlink("nowhere", self.root + "/usr/lib/libwick.so.1")
        result = uninstall(self.build, self.root)
        self.assertEqual(result.returncode, 0, result.stdout)
        for file in self.files:
            self.assertFalse(os.path.lexists(self.root + file), file)
        self.assertFalse(os.path.exists(self.root + "/usr/lib/wick"))
        self.assertFalse(os.path.exists(self.root + "/usr/share/wick"))
        self.assertTrue(os.path.isdir(self.root + "/usr/bin"))

    def test_keeps_what_others_put_there(self):
        touch(self.root + "/usr/lib/wick/plugins-1/libwick-theirs.so")
        self.assertEqual(uninstall(self.build, self.root).returncode, 0)
        self.assertTrue(os.path.exists(self.root + "/usr/lib/wick/plugins-1/libwick-theirs.so"))

    def test_says_that_nothing_was_installed(self):
        uninstall(self.build, self.root)
        result = uninstall(self.build, self.root)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("nothing was installed", result.stdout)


if __name__ == "__main__":
    unittest.main()
