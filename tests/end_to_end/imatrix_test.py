# `wick imatrix`: the file that it writes, and what it refuses.
import os
import signal
import subprocess
import tempfile
import time
import unittest

import checkpoint
import program

TEXT = "Once upon a time there was a wick. It burnt in a row of seven, and was glad of it.\n" * 40


class TestCase(program.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.text, self.out = self.path("text.txt"), self.path("imatrix.gguf")
        with open(self.text, "w", encoding="utf-8") as file:
            file.write(TEXT)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def words(self, *more):
        return ("imatrix", "-m", program.BUNDLED, "-f", self.text, "-o", self.out, "--ctx", "64", *more)

    def refused(self, code, *words, says=""):
        """And nothing is left."""
        before = sorted(os.listdir(self.folder.name))
        self.assert_fails(code, *words, says=says)
        self.assertEqual(sorted(os.listdir(self.folder.name)), before)


class File(TestCase):
    def test_has_sums_and_counts_of_every_matrix(self):
        document = self.json(*self.words("--chunks", "3", "--json"))
        self.assertEqual(document, {"output": self.out, "n_tensors": 43, "n_tokens": 192, "n_windows": 3, "window": 64})
        metadata, tensors = checkpoint.read_gguf(self, self.out)
        self.assertEqual(metadata, {"general.type": "imatrix", "imatrix.datasets": [self.text], "imatrix.chunk_count": 3,
                                    "imatrix.chunk_size": 64})
        source = self.json("inspect", program.BUNDLED, "--json")["tensors"]
        matrices = {tensor["name"]: tensor["shape"][0] for tensor in source if len(tensor["shape"]) > 1}
        self.assertEqual(set(tensors), {f"{name}.{part}" for name in matrices for part in ("in_sum2", "counts")})
        for tensor in self.json("inspect", self.out, "--json")["tensors"]:
            name, _, part = tensor["name"].rpartition(".")
            self.assertEqual((tensor["type"], tensor["shape"]), ("F32", [matrices[name] if part == "in_sum2" else 1, 1]))

    def test_does_not_depend_on_threads(self):
        files = []
        for n_threads in (1, 2, 3):
            self.assert_done(*self.words("--force", "--quiet", "--threads", n_threads))
            with open(self.out, "rb") as file:
                files.append(file.read())
        self.assertEqual(files[0], files[1])
        self.assertEqual(files[0], files[2])

    def test_is_read_by_the_package_gguf(self):
        try:
            import gguf
        except ImportError:
            self.skipTest("the package gguf is not there")
        self.assert_done(*self.words("--chunks", "2"))
        reader = gguf.GGUFReader(self.out)
        tensors = {tensor.name: tensor for tensor in reader.tensors}
        self.assertEqual(tensors["blk.0.ffn_down.weight.counts"].data.tolist(), [[128.0]])
        sums = tensors["blk.0.ffn_down.weight.in_sum2"].data
        self.assertEqual(sums.shape, (1, 768))
        self.assertTrue((sums > 0).all())


class Command(TestCase):
    def test_says_what_it_did_but_with_quiet(self):
        result = self.assert_done(*self.words("--chunks", "2"))
        self.assertEqual(result.out, "")
        self.assertIn("43 tensors, 128 tokens in 2 windows of 64", result.err)
        self.assertEqual(program.without_notes(self.assert_done(*self.words("--chunks", "2", "--quiet", "--force")).err), [])

    def test_reads_standard_input(self):
        self.assert_done("imatrix", "-m", program.BUNDLED, "-f", "-", "-o", self.out, "--ctx", "64", stdin=TEXT.encode())
        metadata, _ = checkpoint.read_gguf(self, self.out)
        self.assertEqual(metadata["imatrix.datasets"], ["standard input"])

    def test_refuses_wrong_usage(self):
        self.refused(2, "imatrix", "-m", program.BUNDLED, "-o", self.out, says="--file")
        self.refused(2, "imatrix", "-m", program.BUNDLED, "-f", self.text, says="--output")
        self.refused(2, *self.words("--chunks", "0"), says="--chunks")
        self.refused(2, "imatrix", "-m", program.BUNDLED, "-f", self.text, "-o", self.out, "--ctx", "3", says="--ctx")
        self.refused(4, "imatrix", "-m", program.BUNDLED, "-f", self.path("none"), "-o", self.out, says="none")
        self.refused(1, "imatrix", "-m", program.BUNDLED, "-f", self.text, "-o", self.path("no/such/folder.gguf"), says="folder.gguf")

    def test_refuses_a_text_of_less_than_one_window(self):
        with open(self.text, "w", encoding="utf-8") as file:
            file.write("short")
        result = program.wick(*self.words())
        self.assertNotEqual(result.code, 0)
        self.assertIn("too short", result.err)

    def test_keeps_a_file_that_is_there(self):
        with open(self.out, "w", encoding="utf-8") as file:
            file.write("mine")
        self.refused(2, *self.words(), says="imatrix.gguf --force")
        with open(self.out, encoding="utf-8") as file:
            self.assertEqual(file.read(), "mine")
        self.assert_done(*self.words("--force", "--chunks", "1"))
        self.assertEqual(checkpoint.read_gguf(self, self.out)[0]["imatrix.chunk_count"], 1)

    def test_leaves_no_file_when_it_is_interrupted(self):
        with open(self.text, "w", encoding="utf-8") as file:
            file.write(TEXT * 400)
        process = subprocess.Popen([program.PROGRAM, *self.words()], stderr=subprocess.PIPE)
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertEqual(os.listdir(self.folder.name), ["text.txt"])


if __name__ == "__main__":
    unittest.main()
