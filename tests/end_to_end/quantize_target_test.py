# `wick quantize --target-bits` and `--target-size`: what is chosen, how large it is, and what it loses.
import os
import unittest

import checkpoint
import program
import quantize_case


class TestCase(quantize_case.TestCase):
    def target(self, source, *more):
        return self.assert_done("quantize", source, self.out, "--force", *more)

    def chosen(self, result):
        """{matrix: type} of the table that is printed."""
        return {line.split()[0]: line.split()[1] for line in result.err.splitlines() if ".weight " in line}

    def bits(self, path):
        """Of all tensors, a value on average."""
        _, tensors = checkpoint.read_gguf(self, path)
        n_values = 0
        for _, shape, _ in tensors.values():
            n = 1
            for size in shape:
                n *= size
            n_values += n
        return 8 * sum(len(data) for _, _, data in tensors.values()) / n_values


class Choice(TestCase):
    def test_keeps_to_bits_a_weight_and_says_what_it_took(self):
        least, most = 3.0, 9.0
        for bits in (least, 4.6, most):
            with self.subTest(bits=bits):
                result = self.target(program.BUNDLED, "--target-bits", bits)
                found = self.bits(self.out)
                self.assertLessEqual(found, bits)
                # Of 43 matrices one more step of the smallest does not fit.
                self.assertGreater(found, min(bits, 8.5) - 0.05)
                types = self.chosen(result)
                self.assertEqual(len(types), 43)
                tensors = checkpoint.read_gguf(self, self.out)[1]
                self.assertEqual({name: tensors[name][0] for name in types}, types)

    def test_keeps_to_the_bytes_of_a_file(self):
        for size in ("2000000", "3M"):
            with self.subTest(size=size):
                self.target(program.BUNDLED, "--target-size", size)
                most = 3 << 20 if size == "3M" else int(size)
                self.assertLessEqual(os.path.getsize(self.out), most)
                self.assertGreater(os.path.getsize(self.out), most - 8000)

    def test_does_not_depend_on_threads(self):
        files = []
        for n_threads in (1, 2, 3):
            self.target(program.BUNDLED, "--target-bits", "4.6", "--threads", n_threads, "--quiet")
            with open(self.out, "rb") as file:
                files.append(file.read())
        self.assertEqual(files[0], files[1])
        self.assertEqual(files[0], files[2])

    def test_gives_more_to_what_makes_the_logits(self):
        types = self.chosen(self.target(program.shared("models", "ember-BF16.gguf"), "--target-bits", "4.6"))
        self.assertIn(types["token_embd.weight"], ("Q6_K", "Q8_0"))

    def test_copies_a_source_that_fits(self):
        source = program.shared("models", "ember-BF16.gguf")
        self.target(source, "--target-bits", "20")
        self.assertEqual(checkpoint.read_gguf(self, self.out)[1], checkpoint.read_gguf(self, source)[1])

    def test_of_rows_that_few_types_divide(self):
        checkpoint.write(self.source)  # rows of 64 and 96: no blocks of 256
        self.target(self.source, "--target-bits", "6")
        self.assertLessEqual(self.bits(self.out), 6)
        self.assertEqual(self.assert_done("run", "-m", self.out, "-p", "th", "-n", "2", "--temp", "0").code, 0)

    def test_goes_around_types_that_are_set(self):
        result = self.target(program.BUNDLED, "--target-bits", "5", "--tensor-type", "attn_v=F16")
        self.assertLessEqual(self.bits(self.out), 5)
        tensors = checkpoint.read_gguf(self, self.out)[1]
        self.assertEqual({tensors[f"blk.{i}.attn_v.weight"][0] for i in range(6)}, {"F16"})
        self.assertFalse([name for name in self.chosen(result) if "attn_v" in name])

    def test_is_shown_by_a_dry_run(self):
        for more in (("--target-bits", "4"), ("--target-size", "3M")):
            chosen = self.chosen(self.target(program.BUNDLED, *more))
            shown = self.assert_done("quantize", program.BUNDLED, "--dry-run", *more).out
            rows = {line.split()[0]: line.split() for line in shown.splitlines() if ".weight " in line}
            for name, kind in chosen.items():
                self.assertIn(kind, rows[name])

    def test_takes_importance_into_account(self):
        text = program.shared("models", "heldout-stories.txt")
        source = program.shared("models", "taper-BF16.gguf")
        plain = self.chosen(self.target(source, "--target-bits", "4.6"))
        weighed = self.chosen(self.target(source, "--target-bits", "4.6", "--imatrix", "auto", text))
        self.assertNotEqual(plain, weighed)


class Refusal(TestCase):
    def refuse(self, code, *more, says):
        self.assert_fails(code, "quantize", program.BUNDLED, self.out, *more, says=says)
        self.assertEqual(os.listdir(self.folder.name), [])

    def test_of_what_cannot_be(self):
        self.refuse(2, "--target-bits", "1", says="--target-bits small need")
        self.refuse(2, "--target-size", "10K", says="--target-size small need bytes")
        self.refuse(2, "--target-size", "0", says="--target-size 0")
        self.refuse(2, "--target-size", "3X", says="--target-size")
        self.refuse(2, "--target-bits", "nan", says="--target-bits")
        self.refuse(2, "--target-bits", "-1", says="--target-bits")
        self.refuse(2, "--target-bits", "4.6", "--type", "Q4_K", says="--type --target-bits one")
        self.refuse(2, "--target-bits", "4.6", "--target-size", "3M", says="--target-bits --target-size one")
        self.refuse(2, "--target-bits", "4.6", "--pure", says="--pure --type")
        self.refuse(2, says="--type --target-bits --target-size")


if __name__ == "__main__":
    unittest.main()
