#!/usr/bin/env python3
# The FP4 example in a model: the bundled one, encoded again by `wick quantize`, on backends that have never heard of it.
import os
import subprocess
import tempfile
import unittest

import example_plugins
import program

PLUGIN = ("--plugin", example_plugins.library("quant-fp4"))


def make_fp4(source, path):
    subprocess.run([program.PROGRAM, "quantize", source, path, *PLUGIN, "--type", "org.example.fp4@1"], check=True,
                   stderr=subprocess.PIPE)


class Fp4(program.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.model = os.path.join(cls.folder.name, "fp4.gguf")
        make_fp4(program.BUNDLED, cls.model)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_inspect_names_the_type_without_the_plugin(self):
        tensors = {tensor["name"]: tensor for tensor in self.json("inspect", self.model, "--json")["tensors"]}
        self.assertEqual(tensors["token_embd.weight"]["type"], "org.example.fp4@1")
        self.assertEqual(tensors["blk.0.ffn_down.weight"]["type"], "org.example.fp4@1")
        self.assertEqual(tensors["output_norm.weight"]["type"], "F32")

    def test_text_is_the_same_on_the_cpu_and_on_another_strangers_backend(self):
        words = ("run", "-m", self.model, *PLUGIN, "-p", "Once upon a time", "-n", "8", "--temp", "0")
        cpu = self.assert_done(*words, "--backend", "cpu", "--precise")
        trace = self.assert_done(*words, "--plugin", example_plugins.library("backend-trace"), "--backend", "trace")
        self.assertEqual(cpu.out, trace.out)
        self.assertGreater(len(cpu.out), 8)

    def test_without_the_plugin_its_name_is_in_the_sentence(self):
        self.assert_fails(3, "run", "-m", self.model, "-p", "Once", says="org.example.fp4@1")

    def test_perplexity_is_near_that_of_other_four_bits(self):
        text = program.shared("models", "heldout-stories.txt")
        make_fp4(program.shared("models", "ember-BF16.gguf"), self.model + ".2")

        def perplexity(model, *words):
            return self.json("perplexity", "-m", model, "-f", text, "--json", *words)["perplexity"]

        figures = {name: perplexity(program.shared("models", f"ember-{name}.gguf")) for name in ("BF16", "Q4_0", "Q4_K_M")}
        figures["FP4"] = perplexity(self.model + ".2", *PLUGIN)
        print(", ".join(f"{name} {value:.4f}" for name, value in figures.items()))
        # No better than the source but for noise; a quarter of a bit less than Q4_0 may cost a little.
        self.assertGreater(figures["FP4"], figures["BF16"] * 0.995)
        self.assertLess(figures["FP4"], figures["Q4_0"] * 1.02)


if __name__ == "__main__":
    unittest.main()
