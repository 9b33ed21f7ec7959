# `wick quantize` of a GGUF file.
import unittest

import checkpoint
import measure
import program
import quantize_case


class GgufFiles(quantize_case.TestCase):
    def test_are_copied_but_for_matrices(self):
        metadata, tensors = self.converted("F32", program.BUNDLED)
        want_metadata, want = checkpoint.read_gguf(self, program.BUNDLED)
        self.assertEqual(metadata, {**want_metadata, "general.file_type": 0})
        self.assertEqual([kind for kind, _, _ in tensors.values()], ["F32"] * len(want))
        for name, (kind, _, data) in want.items():
            if kind == "F32":
                self.assertEqual(tensors[name][2], data)

    def test_say_where_they_are_rounded_already(self):
        self.assertIn("Q8_0", self.quantize("Q4_0", program.BUNDLED).err.splitlines()[0])
        same = self.path("same.gguf")
        result = self.assert_done("quantize", program.BUNDLED, same, "--type", "q8_0")
        self.assertNotIn("note", result.err)
        self.assertEqual(checkpoint.read_gguf(self, same)[1], checkpoint.read_gguf(self, program.BUNDLED)[1])
        self.assert_fails(2, "quantize", same, same, "--type", "F16", "--force", says="source")

    def test_give_the_same_text_as_the_decoded_weights(self):
        self.quantize("F32", program.BUNDLED)
        words = ["-p", "Once upon a time", "-n", "16", "--temp", "0", "--precise", "--json"]
        self.assertEqual(self.json("run", "-m", self.out, *words)["token_ids"], self.json("run", *words)["token_ids"])

    def test_give_what_checkpoints_give(self):
        for model in measure.MODELS:
            _, tensors = self.converted("Q8_0", program.shared("models", f"{model}-BF16.gguf"))
            self.assertEqual(tensors, checkpoint.read_gguf(self, program.shared("models", f"{model}-Q8_0.gguf"))[1])

    def test_that_are_no_models_are_refused(self):
        bad = self.path("bad.gguf")
        with open(bad, "wb") as file:
            file.write(b"not a model")
        self.refused(4, source=bad)


if __name__ == "__main__":
    unittest.main()
