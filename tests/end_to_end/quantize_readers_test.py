# What others read of the files that `wick quantize` writes: the Python package gguf, and llama.cpp itself.
import importlib.util
import json
import os
import subprocess
import sys
import unittest

import program
import quantize_case

RECIPES = ("F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "IQ4_NL", "IQ4_XS", "MXFP4", "TQ1_0", "TQ2_0", "Q2_K",
           "Q3_K_S", "Q3_K_M", "Q3_K_L", "Q4_K_S", "Q4_K_M", "Q5_K_S", "Q5_K_M", "Q6_K")
PEER = os.environ.get("WICK_PEER", "")
LOADER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "load_in_peer.mjs")
TEXT, N_TOKENS, PEER_SECONDS = "Once upon a time", 12, 600


def sources():
    """The bundled model, and one of the other architecture where there is one."""
    lfm2 = os.path.join(program.SHARED, "models", "taper")
    return [program.BUNDLED] + ([lfm2] if os.path.isdir(lfm2) else [])


class PythonPackage(quantize_case.TestCase):
    def setUp(self):
        super().setUp()
        if importlib.util.find_spec("gguf") is None:
            self.skipTest("the Python package gguf is not installed")

    def test_decodes_every_type_to_the_same_values(self):
        import gguf
        import numpy
        plain = self.path("plain.gguf")
        for source in sources():
            for recipe in RECIPES:
                with self.subTest(source=os.path.basename(source), recipe=recipe):
                    self.quantize(recipe, source, "--force")
                    self.assert_done("quantize", self.out, plain, "--type", "F32", "--force")
                    ours = {tensor.name: tensor for tensor in gguf.GGUFReader(plain).tensors}
                    theirs = gguf.GGUFReader(self.out).tensors
                    self.assertEqual({tensor.name for tensor in theirs}, set(ours))
                    for tensor in theirs:
                        values = gguf.dequantize(tensor.data, tensor.tensor_type)
                        numpy.testing.assert_array_equal(values.ravel(), ours[tensor.name].data.ravel(), tensor.name)


class Peer(quantize_case.TestCase):
    def setUp(self):
        super().setUp()
        if not PEER:
            self.skipTest("WICK_PEER does not name the folder that tools/fetch-peer prints")

    def said_by_peer(self, files):
        result = subprocess.run([os.path.join(PEER, "bin", "node"), LOADER, TEXT, str(N_TOKENS), *files], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, timeout=PEER_SECONDS, check=False, env={**os.environ, "PEER_DIR": PEER})
        self.assertEqual(result.returncode, 0, result.stderr.decode("utf-8", "replace"))
        return json.loads(result.stdout)

    def test_loads_every_recipe_and_says_what_wick_says(self):
        for source in sources():
            files = {recipe: self.path(f"{recipe}.gguf") for recipe in RECIPES}
            for recipe, path in files.items():
                self.assert_done("quantize", source, path, "--type", recipe, "--force")
            said = self.said_by_peer(files.values())
            for recipe, path in files.items():
                with self.subTest(source=os.path.basename(source), recipe=recipe):
                    self.assertGreater(len(said[path].split()), 3, said[path])
            # Without rounded weights or activations the two must agree; what is rounded may part at a close call.
            ours = self.assert_done("run", "-m", files["F32"], "-p", TEXT, "-n", str(N_TOKENS), "--temp", "0", "--precise")
            self.assertEqual(said[files["F32"]], ours.out.rstrip("\n"))


if __name__ == "__main__":
    if importlib.util.find_spec("gguf") is None and not PEER:
        print("skipped: neither the Python package gguf is installed nor does WICK_PEER name the folder that tools/fetch-peer prints")
        sys.exit(77)
    unittest.main()
