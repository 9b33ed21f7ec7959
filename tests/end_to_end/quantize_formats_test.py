# `wick quantize --formats`: which formats a budget may choose from.
import json
import os
import unittest

import checkpoint
import program
import quantize_case

NF4, NF4_DQ, DYNAMIC8 = (f"org.wick.{name}@1" for name in ("nf4", "nf4-dq", "dynamic8"))


class TestCase(quantize_case.TestCase):
    def chosen(self, *more, source=program.BUNDLED):
        """The types of all matrices, as they are printed and as they are in the file."""
        result = self.assert_done("quantize", source, self.out, "--force", *more)
        printed = dict(line.split()[:2] for line in result.err.splitlines() if ".weight " in line)
        document = json.loads(self.assert_done("inspect", self.out, "--json").out)
        written = {tensor["name"]: tensor["type"] for tensor in document["tensors"]}
        self.assertEqual({name: written[name] for name in printed}, printed)
        self.assertEqual(len(printed), 43)
        return set(printed.values())


class Choice(TestCase):
    def test_is_from_the_formats_that_are_named_alone(self):
        self.assertEqual(self.chosen("--target-bits", "4.6", "--formats", "nf4,Dynamic8"), {NF4, DYNAMIC8})
        self.assertLessEqual(self.chosen("--target-bits", "5", "--formats", "q*_k"), {"Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"})
        self.assertEqual(self.chosen("--target-bits", "9", "--formats", "dyn*"), {DYNAMIC8})
        self.assertEqual(self.assert_done("run", "-m", self.out, "-p", "Once", "-n", "2", "--temp", "0").code, 0)

    def test_is_by_default_from_what_other_programs_read(self):
        numbered = self.chosen("--target-bits", "4.6")
        self.assertFalse([name for name in numbered if name.startswith("org.")])
        self.assertEqual(self.chosen("--target-bits", "4.6", "--formats", "gguf"), numbered)

    def test_takes_all_where_rows_leave_little_else(self):
        checkpoint.write(self.source)  # rows of 64 and 96: no blocks of 256, some of 64
        plan = ("quantize", self.source, "--dry-run", "--target-bits")
        self.assertNotIn("org.wick.", self.assert_done(*plan, "4.4").out)
        self.assertIn("org.wick.", self.assert_done(*plan, "4.4", "--formats", "all").out)

    def test_keeps_to_the_bytes_of_a_file_that_names_its_formats(self):
        for size in (2_720_000, 2_760_000, 3_000_000, 4_000_000):
            with self.subTest(size=size):
                self.chosen("--target-size", size, "--formats", "nf4,nf4-dq,dynamic8,Q6_K")
                self.assertLessEqual(os.path.getsize(self.out), size)
                self.assertGreater(os.path.getsize(self.out), size - 16000)

    def test_of_a_source_that_has_such_a_format(self):
        source = self.path("nf4.gguf")
        self.assert_done("quantize", program.BUNDLED, source, "--type", "nf4")
        self.assertEqual(self.chosen("--target-bits", "4.5", "--formats", "nf4-dq", source=source), {NF4_DQ})
        self.assertEqual(self.chosen("--target-bits", "4.5", "--formats", "all", source=source), {NF4})
        self.assertFalse([name for name in self.chosen("--target-bits", "4.5", source=source) if name.startswith("org.")])

    def test_says_where_no_format_fits(self):
        checkpoint.write(self.source)
        result = self.assert_done("quantize", self.source, self.out, "--target-bits", "16.5", "--formats", "Q4_K")
        self.assertIn("matrices are F16, because their rows are whole blocks of no format", result.err)


class Refusal(TestCase):
    def refuse(self, code, *more, says):
        self.assert_fails(code, "quantize", program.BUNDLED, self.out, *more, says=says)
        self.assertEqual(os.listdir(self.folder.name), [])

    def test_of_what_cannot_be(self):
        self.refuse(3, "--target-bits", "4.6", "--formats", "nf4,Q9_9", says="--formats 'Q9_9' need Q4_K")
        self.refuse(3, "--target-bits", "4.6", "--formats", "Q9*", says="--formats 'Q9*' gguf all Q4_K")
        self.refuse(3, "--target-bits", "4.6", "--formats", "IQ1_S", says="--formats 'IQ1_S' written")
        self.refuse(2, "--target-bits", "4.6", "--formats", "", says="--formats empty")
        self.refuse(2, "--target-bits", "4", "--formats", "dynamic8", says="--target-bits small need")
        self.refuse(2, "--type", "Q4_0", "--formats", "all", says="--formats --target-bits --target-size")


if __name__ == "__main__":
    unittest.main()
