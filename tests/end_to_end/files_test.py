# Files and devices that cannot be used: one sentence, and the exit code that says whose fault it is.
import os
import tempfile
import unittest

import program


class Files(program.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name, data=None):
        path = os.path.join(self.folder.name, name)
        if data is not None:
            with open(path, "wb") as file:
                file.write(data)
        return path

    def test_that_are_missing_or_malformed_give_4(self):
        bad = self.path("bad.gguf", b"not a model")
        for path in (self.path("none.gguf"), bad, self.path("empty.gguf", b""), self.folder.name):
            for words in (["run", "-m", path, "-p", "x"], ["plan", "-m", path], ["tokenize", "-m", path, "x"],
                          ["bench", "-m", path]):
                with self.subTest(words=words):
                    self.assert_fails(4, *words)
        self.assert_fails(4, "inspect", bad, says=bad)
        self.assert_fails(4, "inspect", self.path("none.gguf"))
        self.assert_fails(4, "inspect", self.path("bad.safetensors", b"\xff" * 16))
        self.assert_fails(4, "run", "-f", self.path("none.txt"))

    def test_cut_anywhere_give_4(self):
        with open(program.BUNDLED, "rb") as file:
            data = file.read()
        for n in (3, 11, 100, 5000, 44000, len(data) // 2, len(data) - 1):
            self.assert_fails(4, "run", "-m", self.path("cut.gguf", data[:n]), "-p", "x")

    def test_of_an_unknown_architecture_give_3_and_can_be_inspected(self):
        path = self.path("new.gguf")
        program.write_gguf(path, {"general.architecture": "brandnew", "brandnew.block_count": 1},
                           [("a.weight", [32], 0, b"\0" * 128)])
        self.assert_fails(3, "run", "-m", path, "-p", "x", says="brandnew")
        self.assert_fails(3, "plan", "-m", path, says="brandnew")
        found = self.json("inspect", "--json", path)
        self.assertEqual(found["metadata"]["general.architecture"], "brandnew")
        self.assertEqual(found["tensors"][0]["shape"], [32])

    def test_of_an_unknown_tensor_type_can_be_inspected(self):
        path = self.path("type.gguf")
        program.write_gguf(path, {"general.architecture": "brandnew"}, [("a.weight", [32], 250, b"\0" * 128)])
        tensor = self.json("inspect", "--json", path)["tensors"][0]
        self.assertIsNone(tensor["type"])
        self.assertEqual(tensor["type_id"], 250)
        self.assertIn("type 250", self.assert_done("inspect", path).out)

    def test_written_fail_without_leaving_anything(self):
        self.assert_fails(1, "logits", "-p", "x", "-o", self.path("no/such/folder.npy"))
        self.assert_fails(1, "logits", "-p", "one two three four", "--ctx", "2", "-o", self.path("out.npy"),
                          says="--ctx")
        self.assertEqual(os.listdir(self.folder.name), [])


class Backends(program.TestCase):
    def test_that_cannot_be_used_give_3_and_no_text(self):
        for name in ("no-such-device", "cpu,no-such-device"):
            result = self.assert_fails(3, "run", "--backend", name, "-p", "x", "-n", "4", says="no-such-device")
            self.assertEqual(result.out, "")
        self.assert_fails(3, "plan", "--backend", "no-such-device", says="no-such-device")

    def test_that_are_there_are_used(self):
        document = self.json("run", "--backend", "cpu", "-p", "x", "-n", "2", "--json", "--threads", "1")
        self.assertEqual((document["backend"], document["threads"]), ("cpu", 1))


if __name__ == "__main__":
    unittest.main()
