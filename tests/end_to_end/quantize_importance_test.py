# `wick quantize --imatrix`: what becomes of a file with importance, and which importance is refused.
import math
import os
import struct
import unittest

import checkpoint
import program
import quantize_case

KEYS = "quantize.imatrix."


def weighted_error(got, want, importance):
    """Of rows that lie one behind the other."""
    n_cols = len(importance)
    return sum(importance[i % n_cols] * (a - b) ** 2 for i, (a, b) in enumerate(zip(got, want)))


def log_sum(row):
    """Of the exponentials."""
    most = max(row)
    return most + math.log(sum(math.exp(x - most) for x in row))


def floats(data):
    return struct.unpack(f"<{len(data) // 4}f", data)


class TestCase(quantize_case.TestCase):
    def setUp(self):
        super().setUp()
        self.imatrix = self.path("imatrix.gguf")

    def collect(self, model, text):
        self.assert_done("imatrix", "-m", model, "-f", text, "-o", self.imatrix, "--force", "--quiet")

    def decoded(self, path):
        """All tensors as floats."""
        self.assert_done("quantize", path, self.path("f32.gguf"), "--type", "F32", "--force")
        return {name: floats(tensor[2]) for name, tensor in checkpoint.read_gguf(self, self.path("f32.gguf"))[1].items()}

    def write_text(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)


class Importance(TestCase):
    def test_lowers_the_weighted_error_of_a_real_model(self):
        self.collect(program.BUNDLED, program.shared("models", "heldout-stories.txt"))
        source = self.decoded(program.BUNDLED)
        sums = {name: floats(tensor[2]) for name, tensor in checkpoint.read_gguf(self, self.imatrix)[1].items()}
        for kind in ("Q2_K", "Q3_K", "IQ4_XS", "Q4_K"):
            with self.subTest(kind=kind):
                self.quantize(kind, program.BUNDLED, "--force")
                plain = self.decoded(self.out)
                self.quantize(kind, program.BUNDLED, "--force", "--imatrix", self.imatrix)
                weighted = self.decoded(self.out)
                for name in ("blk.0.ffn_down.weight", "blk.3.attn_v.weight", "blk.5.ffn_up.weight"):
                    importance = sums[name + ".in_sum2"]
                    self.assertLess(weighted_error(weighted[name], source[name], importance),
                                    weighted_error(plain[name], source[name], importance), name)

    def divergences(self, source, path, text):
        """KL divergence from the source at each position, in nats."""
        rows = []
        for model in (source, path):
            self.assert_done("logits", "-m", model, "-f", text, "-o", self.path("logits.npy"), "--precise")
            n_rows, width, values = program.read_npy(self.path("logits.npy"))
            rows.append([values[i * width:(i + 1) * width] for i in range(n_rows)])
        found = []
        for a, b in zip(*rows):
            log_a, log_b = log_sum(a), log_sum(b)
            found.append(sum(math.exp(x - log_a) * (x - log_a - y + log_b) for x, y in zip(a, b)))
        return found

    def test_lowers_the_divergence_of_a_model_of_few_bits(self):
        source = program.shared("models", "taper-BF16.gguf")
        with open(program.shared("models", "heldout-stories.txt"), encoding="utf-8") as file:
            stories = file.read()
        half = stories.index("\n", len(stories) // 2)
        self.collect(source, self.write_text("first.txt", stories[:half]))
        other = self.write_text("other.txt", stories[half:half + 6000])
        for kind in ("Q2_K", "Q3_K"):
            with self.subTest(kind=kind):
                means = []
                for more in ((), ("--imatrix", self.imatrix)):
                    self.quantize(kind, source, "--force", *more)
                    found = sorted(self.divergences(source, self.out, other))
                    # The last hundredth is of a few tokens on which everything turns.
                    means.append(sum(found[:len(found) * 99 // 100]))
                self.assertLess(means[1], means[0])

    def test_leaves_its_keys(self):
        text = program.shared("models", "heldout-stories.txt")
        self.collect(program.BUNDLED, text)
        self.quantize("Q4_K", program.BUNDLED, "--imatrix", self.imatrix)
        metadata, _ = checkpoint.read_gguf(self, self.out)
        self.assertEqual({key: value for key, value in metadata.items() if key.startswith(KEYS)},
                         {KEYS + "file": self.imatrix, KEYS + "dataset": text, KEYS + "entries_count": 43, KEYS + "chunks_count": 36})
        again = self.path("again.gguf")
        self.assert_done("quantize", self.out, again, "--type", "F16")
        self.assertFalse([key for key in checkpoint.read_gguf(self, again)[0] if key.startswith(KEYS)])

    def test_of_auto_is_that_of_a_run_of_the_source(self):
        text = program.shared("models", "heldout-stories.txt")
        model = program.shared("models", "ember-BF16.gguf")
        self.collect(model, text)
        files = []
        for source, more in ((model, ("--imatrix", self.imatrix)), (model, ("--imatrix", "auto", text)),
                             (program.shared("models", "ember"), ("--imatrix", "auto", text))):
            self.quantize("Q3_K", source, "--force", *more)
            files.append(checkpoint.read_gguf(self, self.out))
        self.assertEqual(files[1][0][KEYS + "dataset"], text)
        self.assertNotIn(KEYS + "file", files[1][0])
        self.assertEqual(files[0][1], files[1][1])
        self.assertEqual(files[0][1], files[2][1])
        self.assertEqual(sorted(os.listdir(self.folder.name)), ["imatrix.gguf", "out.gguf"])


class Refusal(TestCase):
    def write_imatrix(self, name, tensors, kind="imatrix"):
        path = self.path(name)
        content = []
        for tensor, (sums, counts) in tensors.items():
            content.append((f"{tensor}.in_sum2", [len(sums) // len(counts), len(counts)], 0, struct.pack(f"<{len(sums)}f", *sums)))
            content.append((f"{tensor}.counts", [1, len(counts)], 0, struct.pack(f"<{len(counts)}f", *counts)))
        program.write_gguf(path, {"general.type": kind}, content)
        return path

    def refuse(self, path, says, code=4):
        self.refused(code, "--imatrix", path, kind="Q4_K", source=program.BUNDLED, says=says)

    def test_says_what_is_wrong(self):
        name = "blk.0.attn_k.weight"
        good = [1.0] * 256
        self.refuse(self.path("none.gguf"), "none.gguf")
        self.refuse(program.BUNDLED, "importance imatrix")
        self.refuse(self.write_imatrix("a.gguf", {name: (good, [1.0])}, "model"), "'model' 'imatrix'")
        self.refuse(self.write_imatrix("b.gguf", {name: ([1.0] * 128, [1.0])}), "128 256 another model")
        self.refuse(self.write_imatrix("c.gguf", {name: (good, [1.0, 1.0])}), "256 2 another model")
        self.refuse(self.write_imatrix("d.gguf", {name: ([math.nan] + good[1:], [1.0])}), "nan finite")
        self.refuse(self.write_imatrix("e.gguf", {name: ([-1.0] + good[1:], [1.0])}), "-1 finite")
        self.refuse(self.write_imatrix("f.gguf", {"blk.99.other.weight": (good, [1.0])}), "none another model")
        self.refused(2, "--imatrix", "auto", kind="Q4_K", source=program.BUNDLED, says="auto TEXT second")
        self.refused(2, "--imatrix", "", kind="Q4_K", source=program.BUNDLED, says="--imatrix empty")
        self.refused(4, "--imatrix", "auto", self.path("none.txt"), kind="Q4_K", source=program.BUNDLED, says="none.txt")
        short = self.write_text("short.txt", "short")
        self.refused(1, "--imatrix", "auto", short, kind="Q4_K", source=program.BUNDLED, says="too short")

    def test_of_what_is_not_there_is_a_note(self):
        path = self.write_imatrix("part.gguf", {"blk.0.attn_k.weight": ([1.0] * 256, [1.0])})
        result = self.quantize("Q4_K", program.BUNDLED, "--imatrix", path)
        self.assertIn("part.gguf has nothing of 42 matrices, whose values all weigh the same: token_embd.weight", result.err)


if __name__ == "__main__":
    unittest.main()
