# The block-wise formats (NF4, double-quantized NF4, dynamic 8 bits): types without a number in GGUF, on every backend.
import unittest

import checkpoint
import measure
import program
import quantize_case

FORMATS = {"org.wick.nf4@1": 34 / 64, "org.wick.nf4-dq@1": 134 / 256, "org.wick.dynamic8@1": 66 / 64}  # and bytes a weight
PROMPT = ("-p", "Once upon a time there was a little")


class Files(quantize_case.TestCase):
    def test_have_the_type_and_its_bytes(self):
        for name, n_bytes in FORMATS.items():
            _, tensors = self.converted(name, program.BUNDLED)
            kind, shape, data = tensors["blk.0.ffn_down.weight"]
            self.assertEqual((kind, len(data)), (name, int(shape[0] * shape[1] * n_bytes)))

    def test_are_named_shortly_and_in_any_case(self):
        for name, short in zip(FORMATS, ("NF4", "nf4-dq", "Dynamic8")):
            self.quantize(short, program.BUNDLED, "--force")
            _, tensors = checkpoint.read_gguf(self, self.out)
            self.assertEqual(tensors["blk.0.ffn_down.weight"][0], name)

    def test_come_from_checkpoints(self):
        checkpoint.write(self.source)
        metadata, tensors = self.converted("nf4")
        self.assertEqual(tensors["blk.0.attn_q.weight"][0], "org.wick.nf4@1")  # rows of 64
        self.assertEqual(tensors["blk.0.ffn_down.weight"][0], "IQ4_NL")  # rows of 96
        _, tensors = self.converted("nf4-dq")
        self.assertEqual(tensors["blk.0.attn_q.weight"][0], "org.wick.nf4@1")  # no whole blocks of 256
        self.assertNotIn("general.file_type", metadata)
        self.assertTrue(self.json("run", "-m", self.out, "-p", "the", "-n", "4", "--temp", "0", "--json")["token_ids"])

    def test_of_one_local_type_become_those_of_another(self):
        """Files number such types from the same id on."""
        first = self.path("first.gguf")
        self.assert_done("quantize", program.BUNDLED, first, "--type", "nf4")
        want = checkpoint.read_gguf(self, first)[1]
        self.assertEqual(self.converted("nf4", first)[1], want)  # copied
        for name in ("org.wick.nf4-dq@1", "org.wick.dynamic8@1"):
            _, tensors = self.converted(name, first)
            self.assertEqual(tensors["blk.0.ffn_down.weight"][0], name)
            self.assertIn("nf4@1", self.quantize(name, first, "--force").err)  # it says that the source is rounded

    def test_may_hold_several_local_types(self):
        words = ("--type", "nf4", "--tensor-type", "ffn_up=nf4-dq", "--tensor-type", "attn_v=dynamic8")
        self.assert_done("quantize", program.BUNDLED, self.out, *words)
        _, tensors = checkpoint.read_gguf(self, self.out)
        want = {"attn_q": "org.wick.nf4@1", "ffn_up": "org.wick.nf4-dq@1", "attn_v": "org.wick.dynamic8@1"}
        self.assertEqual({name: tensors[f"blk.1.{name}.weight"][0] for name in want}, want)
        decoded, words = self.path("decoded.gguf"), [*PROMPT, "-n", "16", "--temp", "0", "--precise"]
        self.assert_done("quantize", self.out, decoded, "--type", "F32")
        self.assertEqual(self.assert_done("run", "-m", self.out, *words).out, self.assert_done("run", "-m", decoded, *words).out)

    def test_name_their_type_to_any_reader(self):
        self.quantize("nf4-dq", program.BUNDLED)
        self.assertIn("org.wick.nf4-dq@1", self.assert_done("inspect", self.out).out)


class Models(quantize_case.TestCase):
    def logits(self, *words):
        path = self.path("logits.npy")
        self.assert_done("logits", "-m", self.out, *PROMPT, "-o", path, *words)
        return program.read_npy(path)

    def row_errors(self, got, want):
        n = got[1]
        rows = [(got[2][i * n:(i + 1) * n], want[2][i * n:(i + 1) * n]) for i in range(got[0])]
        return max((sum((a - b) ** 2 for a, b in zip(*row)) / sum(b * b for b in row[1])) ** 0.5 for row in rows)

    def test_give_the_text_and_the_logits_of_their_decoded_weights(self):
        decoded = self.path("decoded.gguf")
        for name in FORMATS:
            with self.subTest(name):
                self.quantize(name, program.BUNDLED, "--force")
                self.assert_done("quantize", self.out, decoded, "--type", "F32", "--force")
                exact = self.logits("--precise")
                words = [*PROMPT, "-n", "16", "--temp", "0", "--precise"]
                self.assertEqual(self.assert_done("run", "-m", self.out, *words).out,
                                 self.assert_done("run", "-m", decoded, *words).out)
                error = self.row_errors(self.logits(), exact)
                print(f"{name}: error of the logits {error:.3e}")
                self.assertLess(error, 0.005)  # state of 16 bits; weights whose table is no integers are multiplied in f32

    def test_cost_little_perplexity(self):
        text = program.shared("models", "heldout-stories.txt")
        want = {model: measure.perplexity(model, "BF16") for model in measure.MODELS}
        for name, model in zip(FORMATS, ("ember", "taper", "ember")):
            with self.subTest(model=model, format=name):
                self.quantize(name, program.shared("models", f"{model}-BF16.gguf"), "--force")
                got = self.json("perplexity", "-m", self.out, "-f", text, "--json")["perplexity"]
                print(f"{model} {name}: perplexity {got:.4f}, BF16 {want[model]:.4f}")
                self.assertLess(got, want[model] * (1.002 if "dynamic8" in name else 1.02))

    def check_on(self, backend):
        missing = program.no_device(backend)
        if missing:
            self.skipTest(missing)
        device, cpu = ("--backend", backend), ("--backend", "cpu")
        for name in FORMATS:
            with self.subTest(name):
                self.quantize(name, program.BUNDLED, "--force")
                exact = self.logits(*cpu, "--precise")
                # Each is within 2e-5 of what an implementation without rounding gives (reference_test.py).
                self.assertLessEqual(self.row_errors(self.logits(*device, "--precise"), exact), 4e-5)
                error = self.row_errors(self.logits(*device), exact)
                self.assertLessEqual(error, max(1.3 * self.row_errors(self.logits(*cpu), exact), 4e-5))

    def test_on_vulkan_are_those_of_the_cpu(self):
        self.check_on("vulkan")

    def test_on_opencl_are_those_of_the_cpu(self):
        self.check_on("opencl")


if __name__ == "__main__":
    unittest.main()
