# --packed-cache: the second start maps what the first packed, and says the same; no file can stop a run.
import os
import shutil
import subprocess
import tempfile
import unittest

import program

WORDS = ["-m", program.BUNDLED, "-p", "Once upon a time", "-n", "16", "--temp", "0"]


class PackedCache(program.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = os.path.join(folder.name, "cache")
        self.text = self.assert_done("run", *WORDS).out

    def start(self, says, folder=None):
        result = self.assert_done("run", *WORDS, "--packed-cache", folder or self.folder)
        self.assertEqual(result.out, self.text)
        self.assertIn(says, result.err)
        return result

    def file(self):
        names = os.listdir(self.folder)
        self.assertEqual(len(names), 1, names)
        return os.path.join(self.folder, names[0])

    def test_is_mapped_at_the_second_start(self):
        self.start("are kept in")
        self.start("are mapped from")

    def test_has_a_file_for_each_part_of_a_model_on_two_devices(self):
        words = ["run", *WORDS, "--packed-cache", self.folder, "--backend", "cpu,cpu", "--layers", "cpu#1=2"]
        for says in ("are kept in", "are mapped from"):
            result = self.assert_done(*words)
            self.assertEqual(result.out, self.text)
            self.assertEqual(result.err.count(says), 2, result.err)
        self.start("are kept in")
        self.assertEqual(len(os.listdir(self.folder)), 3)

    def test_knows_a_model_that_was_moved_and_one_that_was_written_again(self):
        self.start("are kept in")
        moved = os.path.join(os.path.dirname(self.folder), "moved.gguf")
        shutil.copy2(program.BUNDLED, moved)
        words = ["run", "-m", moved, *WORDS[2:], "--packed-cache", self.folder]
        self.assertIn("are mapped from", self.assert_done(*words).err)
        os.utime(moved, (1, 1))
        self.assertIn("are kept in", self.assert_done(*words).err)

    def test_that_is_cut_or_damaged_is_replaced(self):
        self.start("are kept in")
        with open(self.file(), "r+b") as file:
            file.truncate(os.path.getsize(self.file()) // 2)
        self.assertIn("warning", self.start("packed anew").err)
        self.start("are mapped from")
        with open(self.file(), "r+b") as file:
            file.write(b"\xff" * 64)
        self.start("packed anew")
        self.start("are mapped from")

    def test_is_written_by_several_processes_at_once(self):
        words = [program.PROGRAM, "run", *WORDS, "--packed-cache", self.folder]
        processes = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
        for process in processes:
            out, err = process.communicate(timeout=program.SECONDS)
            self.assertEqual((process.returncode, out.decode()), (0, self.text), err)
            self.assertNotIn(b"warning", err)
        self.start("are mapped from")
        self.file()

    def test_that_cannot_be_written_is_a_warning(self):
        for folder in ("/proc/wick", program.BUNDLED, "/dev/full"):
            err = self.start("the next start will pack again", folder).err
            self.assertIn("warning", err)


if __name__ == "__main__":
    unittest.main()
