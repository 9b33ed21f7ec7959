#!/usr/bin/env python3
# The Qwen example against float32 runs of Hugging Face transformers on tiny random models (make_qwen.py).
import glob
import os
import tempfile
import unittest

import example_plugins
import program

TEXT = "Once upon a time, 7 wicks burnt in 1 row."
# f32 with sums of up to 48 products over three layers; a wrong bias, norm, window or frequency is far above.
BOUND = 2e-5


class Qwen(program.TestCase):
    def setUp(self):
        os.environ["WICK_PLUGIN_PATH"] = example_plugins.folder("arch-qwen")

    def tearDown(self):
        del os.environ["WICK_PLUGIN_PATH"]

    def test_logits_are_those_of_transformers(self):
        models = sorted(glob.glob(os.path.join(example_plugins.FIXTURES, "qwen*.gguf")))
        self.assertEqual(len(models), 8)
        for model in models:
            with self.subTest(os.path.basename(model)), tempfile.TemporaryDirectory() as folder:
                out = os.path.join(folder, "logits.npy")
                self.assert_done("logits", "-m", model, "--precise", "-p", TEXT, "-o", out)
                want = program.read_npy(model.replace(".gguf", ".npy"))
                error = max(example_plugins.row_errors(program.read_npy(out), want))
                print(f"{os.path.basename(model)}: relative L2 of a row at most {error:.2e}")
                self.assertLessEqual(error, BOUND)

    def test_a_model_runs_and_the_plugin_is_listed(self):
        model = os.path.join(example_plugins.FIXTURES, "qwen3_norms.gguf")
        self.assertEqual(len(self.json("run", "-m", model, "-p", "a", "-n", "3", "--temp", "0", "--json")["token_ids"]), 3)
        rows = [row for row in self.json("plugins", "--json") if row["id"] in ("qwen2", "qwen3")]
        self.assertEqual([row["state"] for row in rows], ["loaded", "loaded"])


class WithoutThePlugin(program.TestCase):
    def test_the_architecture_is_named(self):
        self.assert_fails(3, "run", "-m", os.path.join(example_plugins.FIXTURES, "qwen3_norms.gguf"), "-p", "a", says="qwen3 plugins")


if __name__ == "__main__":
    unittest.main()
