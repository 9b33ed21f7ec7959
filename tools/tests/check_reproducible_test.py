# What tools/check-reproducible --compare says of folders that are the same, and of those that are not.
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

TOOL = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "check-reproducible")


def write(path, text, time=1000):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.utime(path, (time, time))


class Compare(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        for side in ("one", "two"):
            write(self.path(side, "plain"), "same")
            self.archive(side, "text", 1000)

    def tearDown(self):
        self.folder.cleanup()

    def path(self, *parts):
        return os.path.join(self.folder.name, *parts)

    def archive(self, side, text, time):
        write(self.path("work", "wick", "share", "file"), text, time)
        with tarfile.open(self.path(side, "wick.tar.xz"), "w:xz") as archive:
            archive.add(self.path("work", "wick", "share", "file"), "wick/share/file")

    def compare(self):
        return subprocess.run([TOOL, "--compare", self.path("one"), self.path("two")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def assert_differs(self, *words):
        run = self.compare()
        self.assertEqual(run.returncode, 1)
        for word in words:
            self.assertIn(word, run.stdout + run.stderr)

    def test_same_bytes_pass(self):
        run = self.compare()
        self.assertEqual((run.returncode, run.stdout), (0, "check-reproducible: 2 files, the same bytes\n"), run.stderr)

    def test_a_member_that_differs_is_named(self):
        self.archive("two", "other", 1000)
        self.assert_differs("differs: wick.tar.xz", "Files one/wick/share/file and two/wick/share/file differ", "1 of 2 files differ")

    def test_a_time_that_differs_is_shown(self):
        self.archive("two", "text", 2000)
        self.assert_differs("./wick/share/file -rw", "1000.0", "2000.0")

    def test_sections_of_programs_that_differ_are_named(self):
        for side in ("one", "two"):
            shutil.copy(sys.executable, self.path(side, "program"))
        with open(self.path("two", "program"), "r+b") as program:
            data = program.read()
            program.seek(data.rindex(b"GCC: ("))  # the compiler's name for itself, which lies in a section of its own
            program.write(b"ICC")
        self.assert_differs("differs: program", "section .comment of program")

    def test_folders_of_other_files_or_none_fail(self):
        os.remove(self.path("two", "plain"))
        self.assert_differs("the folders do not hold the same files")
        for side in ("one", "two"):
            shutil.rmtree(self.path(side))
            os.mkdir(self.path(side))
        self.assert_differs("is empty: nothing was compared")


if __name__ == "__main__":
    unittest.main()
