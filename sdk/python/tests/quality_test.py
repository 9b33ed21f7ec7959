#!/usr/bin/env python3
# Budgets, reports, sweeps, wick.compare and wick.imatrix: what the command line has, with its figures.
import json
import os
import pathlib
import subprocess
import unittest

import support
from support import wick

_SENTENCE = "Once upon a time, a brave fox named Pip lived on a farm, next to the red barn. "


class TestCase(support.TestCase):
    def setUp(self):
        self.home = self.folder()
        self.out, self.text = self.path("out.gguf"), self.path("text.txt")
        with open(self.text, "w", encoding="utf-8") as file:
            file.write(_SENTENCE * 20)

    def path(self, name):
        return os.path.join(self.home, name)

    def program(self, *words):
        """What the program prints."""
        words = [os.environ["WICK_TEST_PROGRAM"], *map(str, words)]
        return subprocess.run(words, check=True, capture_output=True, text=True).stdout

    def refused(self, says, *words, **named):
        self.assert_raises(ValueError, wick.ErrorCode.USAGE, lambda: wick.quantize(support.BUNDLED, *words, **named), says)
        self.assertEqual(os.listdir(self.home), ["text.txt"])


class Budget(TestCase):
    def test_keeps_to_bits_and_says_what_it_chose(self):
        stages = set()
        report = wick.quantize(support.BUNDLED, self.out, target_bits=4.6, progress=lambda what, done: stages.add(what))
        self.assertEqual(stages, {"measuring types", "quantizing"})
        self.assertTrue(4.5 < report.bits_per_weight <= 4.6)
        types = {each["name"]: each["type"] for each in wick.inspect(self.out)["tensors"]}
        self.assertEqual(len(report.chosen), 43)
        self.assertEqual({each["name"]: types[each["name"]] for each in report.chosen},
                         {each["name"]: each["type"] for each in report.chosen})

    def test_keeps_to_the_bytes_of_the_file(self):
        wick.quantize(support.BUNDLED, self.out, target_size=3 << 20)
        self.assertTrue(-8000 < os.path.getsize(self.out) - (3 << 20) <= 0)

    def test_a_dry_run_says_what_would_be_and_writes_nothing(self):
        planned = wick.quantize(support.BUNDLED, target_bits=4.6, dry_run=True)
        self.assertEqual((os.listdir(self.home), planned.files), (["text.txt"], ()))
        made = wick.quantize(support.BUNDLED, self.out, target_bits=4.6)
        self.assertEqual((planned.chosen, planned.output_bytes), (made.chosen, made.output_bytes))
        written = [(each["name"], each["type"], each["shape"]) for each in wick.inspect(self.out)["tensors"]]
        self.assertEqual([(each["name"], each["type"], each["shape"]) for each in planned.tensors], written)
        self.assertEqual({each["relative_error"] for each in planned.tensors}, {None})

    def test_takes_the_formats_that_are_named(self):
        for formats in ("nf4,dynamic8", ["nf4", "dyn*"]):
            report = wick.quantize(support.BUNDLED, self.out, target_bits=4.6, formats=formats, force=True)
            self.assertEqual({each["type"] for each in report.chosen}, {"org.wick.nf4@1", "org.wick.dynamic8@1"})
        self.assertEqual(wick.quantize(support.BUNDLED, target_bits=4.6, formats=formats, dry_run=True).chosen, report.chosen)
        numbered = wick.quantize(support.BUNDLED, target_bits=4.6, dry_run=True)
        self.assertFalse([each for each in numbered.chosen if each["type"].startswith("org.")])
        self.assert_raises(RuntimeError, wick.ErrorCode.UNAVAILABLE,
                           lambda: wick.quantize(support.BUNDLED, target_bits=4.6, formats=["Q9*"], dry_run=True), "--formats 'Q9*'")

    def test_refuses_what_cannot_be(self):
        self.refused("--formats --target-bits", self.out, "Q4_0", formats="all")
        self.refused("--target-bits small need", self.out, target_bits=1)
        self.refused("--target-bits 0.01", self.out, target_bits=0)
        self.refused("--target-bits 0.01", self.out, target_bits=float("nan"))
        self.refused("--target-size", self.out, target_size=0)
        self.refused("--type --target-bits --target-size", self.out, "Q4_0", target_bits=4)
        self.refused("--pure", self.out, target_bits=4, pure=True)
        self.refused("no type", self.out)
        self.refused("OUT.gguf", type="Q4_0")
        with self.assertRaises(TypeError):
            wick.quantize(support.BUNDLED, self.out, target_size="3M")


class Report(TestCase):
    def test_a_sweep_alone_has_the_figures_of_the_command_and_keeps_nothing_else(self):
        page, document = self.path("report.html"), self.path("report.json")
        made = wick.quantize(support.BUNDLED, sweep="Q8_0,Q4_0", report=[page, document], report_text=self.text, context=64)
        self.assertEqual(sorted(os.listdir(self.home)), ["report.html", "report.json", "text.txt"])
        with open(document, encoding="utf-8") as file:
            self.assertEqual(json.load(file), made.quality)
        self.assertEqual([each["type"] for each in made.quality["files"]], ["Q8_0", "Q4_0"])
        self.program("quantize", support.BUNDLED, "--sweep", "Q8_0,Q4_0", "--report", self.path("other.json"), "--report-text",
                     self.text, "--ctx", 64)
        with open(self.path("other.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file), made.quality)
        self.assertEqual((made.files, made.type), ((), "Q8_0"))

    def test_needs_no_file(self):
        made = wick.quantize(support.BUNDLED, self.out, "Q4_0", report_text=self.text, context=64)
        self.assertEqual((made.files, sorted(os.listdir(self.home))), ((self.out,), ["out.gguf", "text.txt"]))
        figures = wick.compare(support.BUNDLED, self.out, pathlib.Path(self.text), context=64)
        self.assertEqual(made.quality["files"][0]["comparison"], vars(figures))
        self.assertEqual(len(made.tensors), made.n_tensors)

    def test_refuses_what_cannot_be(self):
        self.refused("--sweep --report-text", sweep=["Q4_0"])
        self.refused("--dry-run report", type="Q4_0", dry_run=True, report=self.path("a.html"))
        self.refused("--ctx --report-text", self.out, "Q4_0", context=64)
        self.refused("--report .html .json", self.out, "Q4_0", report=self.path("a.txt"))
        with open(self.path("a.html"), "w"):
            pass
        self.assert_raises(ValueError, wick.ErrorCode.USAGE,
                           lambda: wick.quantize(support.BUNDLED, self.out, "Q4_0", report=self.path("a.html")), "--force")

    def test_what_progress_raises_ends_a_sweep_and_leaves_nothing(self):
        def stop(what, done):
            if what.startswith("comparing"):
                raise KeyError("enough")

        with self.assertRaisesRegex(KeyError, "enough"):
            wick.quantize(support.BUNDLED, sweep=["Q4_0"], report=self.path("a.json"), report_text=self.text, context=64,
                          progress=stop)
        self.assertEqual(os.listdir(self.home), ["text.txt"])


class Compare(TestCase):
    def test_a_model_with_itself_differs_in_nothing(self):
        figures = wick.compare(support.BUNDLED, support.BUNDLED, _SENTENCE * 10, context=64)
        self.assertEqual((figures.kl, figures.kl_max, figures.same_top, figures.perplexity_ratio), (0, 0, 1, 1))
        self.assertGreater(figures.n_tokens, 60)

    def test_has_the_figures_of_the_command(self):
        wick.quantize(support.BUNDLED, self.out, "Q4_0")
        figures = wick.compare(support.BUNDLED, self.out, _SENTENCE * 20, context=64, precise_a=True)
        self.assertGreater(figures.kl, 0)
        printed = self.program("compare", support.BUNDLED, self.out, "-f", self.text, "--ctx", 64, "--precise-a", "--json")
        self.assertEqual(json.loads(printed), vars(figures))

    def test_refusals_have_the_sentence(self):
        self.assert_raises(FileNotFoundError, wick.ErrorCode.MISSING_FILE,
                           lambda: wick.compare(support.BUNDLED, self.path("none.gguf"), _SENTENCE * 9), "none.gguf")
        self.assert_raises(FileNotFoundError, wick.ErrorCode.MISSING_FILE,
                           lambda: wick.compare(support.BUNDLED, support.BUNDLED, pathlib.Path(self.path("none.txt"))), "none.txt")
        self.assert_raises(ValueError, wick.ErrorCode.BAD_ARGUMENT,
                           lambda: wick.compare(support.BUNDLED, support.BUNDLED, "Once"), "short")
        self.assert_raises(RuntimeError, wick.ErrorCode.UNAVAILABLE,
                           lambda: wick.compare(support.BUNDLED, support.BUNDLED, _SENTENCE * 9, plugin_options={"nothing": "1"}),
                           "nothing")

    def test_what_progress_raises_ends_it(self):
        def stop(what, done):
            raise KeyError(what)

        with self.assertRaises(KeyError):
            wick.compare(support.BUNDLED, support.BUNDLED, _SENTENCE * 10, context=64, progress=stop)


class Imatrix(TestCase):
    def test_writes_what_the_command_writes_and_quantize_takes_it(self):
        ours, theirs = self.path("ours.gguf"), self.path("theirs.gguf")
        report = wick.imatrix(support.BUNDLED, pathlib.Path(self.text), ours, context=64, chunks=2)
        self.assertEqual((report.output, report.n_windows, report.n_tokens, report.window), (ours, 2, 128, 64))
        self.program("imatrix", "-m", support.BUNDLED, "-f", self.text, "-o", theirs, "--ctx", 64, "--chunks", 2)
        self.assertEqual(*(pathlib.Path(path).read_bytes() for path in (ours, theirs)))
        wick.quantize(support.BUNDLED, self.out, "Q4_0", imatrix=ours)
        wick.quantize(support.BUNDLED, self.path("plain.gguf"), "Q4_0")
        self.assertNotEqual(*(pathlib.Path(path).read_bytes()[-100000:] for path in (self.out, self.path("plain.gguf"))))

    def test_replaces_nothing_unasked_and_leaves_nothing(self):
        self.assert_raises(ValueError, wick.ErrorCode.USAGE, lambda: wick.imatrix(support.BUNDLED, _SENTENCE, self.text), "--force")

        def stop(what, done):
            if what == "collecting":
                raise KeyError(what)

        with self.assertRaises(KeyError):
            wick.imatrix(support.BUNDLED, _SENTENCE * 20, self.out, context=64, progress=stop)
        self.assertEqual(os.listdir(self.home), ["text.txt"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
