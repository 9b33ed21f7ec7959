# `wick compare`, and the reports of `wick quantize`: figures against a computation of their own, made of what `wick logits` says.
import math
import os
import tempfile
import unittest

import measure
import program

WINDOW = 64


def log_softmax(row):
    top = max(row)
    total = math.log(math.fsum(math.exp(x - top) for x in row)) + top
    return [x - total for x in row]


def mean(values):
    return math.fsum(values) / len(values)


def error(values):
    """The standard error of their mean."""
    middle = mean(values)
    return math.sqrt(mean([(x - middle) ** 2 for x in values]) / (len(values) - 1))


def quantile(values, share):
    values = sorted(values)
    at = share * (len(values) - 1)
    below = math.floor(at)
    return values[below] + (at - below) * (values[min(below + 1, len(values) - 1)] - values[below])


class TestCase(program.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.text = self.path("text.txt")

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write_text(self, n_bytes):
        measure.short_text(self.text, n_bytes)
        with open(self.text, encoding="utf-8") as file:
            return file.read()


class Compare(TestCase):
    def compare(self, a, b, *more):
        return self.json("compare", a, b, "-f", self.text, "--ctx", WINDOW, "--json", *more)

    def rows(self, model, text):
        path = self.path("logits.npy")
        self.assert_done("logits", "-m", model, "-p", text, "-o", path)
        n_rows, n_columns, values = program.read_npy(path)
        return [log_softmax(values[i:i + n_columns]) for i in range(0, n_rows * n_columns, n_columns)]

    def windows(self, model, text):
        """Texts that give each window's ids, BOS first, and those ids."""
        lines = self.assert_done("tokenize", "-m", model, text).out.splitlines()
        ids = self.json("tokenize", "-m", model, "--json", text)
        self.assertEqual(len(lines), len(ids))
        bos, found = ids[0], []
        for first in range(0, len(ids) - WINDOW + 1, WINDOW):
            inside = "".join(line.split("\t", 1)[1] for line in lines[first + 1:first + WINDOW]).replace("\\n", "\n")
            self.assertEqual(self.json("tokenize", "-m", model, "--json", inside), [bos] + ids[first + 1:first + WINDOW])
            found.append((inside, [bos] + ids[first + 1:first + WINDOW]))
        return found

    def expected(self, a, b, text):
        kls, same, nll_a, nll_b = [], [], [], []
        windows = self.windows(a, text)
        for inside, ids in windows:
            rows_a, rows_b = self.rows(a, inside), self.rows(b, inside)
            for i in range(WINDOW // 2, WINDOW - 1):
                p, q = rows_a[i], rows_b[i]
                kls.append(math.fsum(math.exp(x) * (x - y) for x, y in zip(p, q)))
                same.append(1.0 if p.index(max(p)) == q.index(max(q)) else 0.0)
                nll_a.append(-p[ids[i + 1]])
                nll_b.append(-q[ids[i + 1]])
        deltas = [math.exp(-y) - math.exp(-x) for x, y in zip(nll_a, nll_b)]
        differences = [y - x for x, y in zip(nll_a, nll_b)]
        return {
            "kl": mean(kls), "kl_error": error(kls), "kl_median": quantile(kls, 0.5), "kl_q99": quantile(kls, 0.99), "kl_max": max(kls),
            "same_top": mean(same), "same_top_error": error(same),
            "perplexity_a": math.exp(mean(nll_a)), "perplexity_b": math.exp(mean(nll_b)),
            "perplexity_ratio": math.exp(mean(differences)), "perplexity_ratio_error": math.exp(mean(differences)) * error(differences),
            "delta_p": mean(deltas), "delta_p_error": error(deltas), "rms_delta_p": math.sqrt(mean([d * d for d in deltas])),
            "n_tokens": len(kls), "n_windows": len(windows)}

    def test_gives_what_the_logits_say(self):
        pairs = [("ember", "BF16", "ember", "Q4_0"), ("ember", "Q8_0", "taper", "Q4_K_M")]
        text = self.write_text(900)
        for model_a, kind_a, model_b, kind_b in pairs:
            with self.subTest(a=model_a, b=model_b):
                a, b = measure.model_path(model_a, kind_a), measure.model_path(model_b, kind_b)
                result, want = self.compare(a, b), self.expected(a, b, text)
                self.assertGreater(want["n_windows"], 1)
                self.assertGreater(want["kl"], 0)
                for name, value in want.items():
                    # Both sum in double, in another order: 1e-12 of a logit of some tens.
                    self.assertAlmostEqual(result[name], value, delta=1e-9 * max(1, abs(value)), msg=name)

    def test_scores_as_perplexity_does(self):
        self.write_text(8000)
        a, b = measure.model_path("taper", "BF16"), measure.model_path("taper", "Q4_0")
        result = self.compare(a, b)
        for name, path in (("a", a), ("b", b)):
            want = self.json("perplexity", "-m", path, "-f", self.text, "--ctx", WINDOW, "--json")
            self.assertEqual(result["perplexity_" + name], want["perplexity"])
            self.assertEqual(result["perplexity_" + name + "_error"], want["standard_error"])
            self.assertEqual((result["n_tokens"], result["n_windows"]), (want["n_tokens"], want["n_windows"]))

    def test_of_a_model_with_itself_is_nothing(self):
        with open(self.text, "w", encoding="utf-8") as file:
            file.write("Once upon a time there was a fox. " * 40)
        for more in ((), ("--precise",)):
            result = self.compare(program.BUNDLED, program.BUNDLED, *more)
            for name in ("kl", "kl_error", "kl_median", "kl_q99", "kl_max", "delta_p", "rms_delta_p", "perplexity_ratio_error"):
                self.assertEqual(result[name], 0, name)
            self.assertEqual((result["same_top"], result["perplexity_ratio"]), (1, 1))

    def test_shows_what_fast_paths_cost(self):
        self.write_text(2000)
        a = measure.model_path("ember", "Q4_0")
        fast = self.compare(a, a, "--precise-a")
        self.assertTrue(0 < fast["kl"] < 0.01, fast["kl"])
        self.assertEqual(self.compare(a, a, "--precise-a", "--precise")["kl"], 0)

    def test_does_not_depend_on_the_number_of_threads(self):
        self.write_text(2000)
        a, b = measure.model_path("ember", "BF16"), measure.model_path("ember", "Q4_0")
        self.assertEqual(self.compare(a, b, "--threads", 1), self.compare(a, b, "--threads", 3))

    def test_prints_the_same_for_people(self):
        self.write_text(2000)
        a, b = measure.model_path("ember", "BF16"), measure.model_path("ember", "Q4_0")
        result = self.compare(a, b)
        out = self.assert_done("compare", a, b, "-f", self.text, "--ctx", WINDOW).out
        for text in (f"{result['kl']:.4g} +/-", f"{100 * result['same_top']:.3f} %", f"{result['perplexity_b']:.4f}",
                     f"{result['n_tokens']} tokens scored in {result['n_windows']} windows of {WINDOW}"):
            self.assertIn(text, out)

    def test_refuses_what_cannot_be_compared(self):
        self.write_text(2000)
        a = measure.model_path("ember", "BF16")
        other = self.path("other.gguf")
        with open(a, "rb") as file:
            data = file.read()
        # A vocabulary of the same size in which one token has another text; no merge makes this one.
        at = data.index(b"<|im_start|>", data.index(b"tokenizer.ggml.tokens"))
        with open(other, "wb") as file:
            file.write(data[:at] + b"<|xx" + data[at + 4:])
        self.assert_fails(3, "compare", a, other, "-f", self.text, says="other.gguf vocabulary token another")
        self.assert_fails(2, "compare", a, "-f", self.text, says="MODEL_A MODEL_B")
        self.assert_fails(2, "compare", a, a, says="--file")
        self.assert_fails(2, "compare", a, a, "-f", self.text, "--ctx", 3, says="--ctx 4")
        self.assert_fails(1, "compare", a, a, "-p", "short", says="too short 512")
        self.assert_fails(4, "compare", a, self.path("missing.gguf"), "-f", self.text, says="missing.gguf")


if __name__ == "__main__":
    unittest.main()
