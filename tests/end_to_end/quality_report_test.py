# `wick quantize --report` and `--sweep`: figures against those of other commands, pages that parse, and what is left on the disk.
import array
import html.parser
import json
import math
import os
import signal
import subprocess
import time
import unittest
import xml.etree.ElementTree

import checkpoint
import measure
import program
import quantize_case

SVG = "{http://www.w3.org/2000/svg}"
WORDS = "the thing then thaw the other hat and th th the tooth " * 60


class TestCase(quantize_case.TestCase):
    def setUp(self):
        super().setUp()
        self.text, self.report, self.page = self.path("text.txt"), self.path("report.json"), self.path("report.html")
        with open(self.text, "w", encoding="utf-8") as file:
            file.write(WORDS)

    def read_report(self):
        with open(self.report, encoding="utf-8") as file:
            return json.load(file)

    def left(self):
        return sorted(os.listdir(self.folder.name))


class Parser(html.parser.HTMLParser):
    """Tags that are open, as a browser would find them."""
    VOID = {"meta", "rect", "line", "circle", "polyline", "text", "title"}

    def __init__(self):
        super().__init__()
        self.open, self.faults, self.tags = [], [], {}

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tags[tag] = self.tags.get(tag, 0) + 1

    def handle_startendtag(self, tag, attrs):
        self.tags[tag] = self.tags.get(tag, 0) + 1

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


class Errors(TestCase):
    def values(self, path):
        """{name: float32 values} of a file, as it decodes."""
        plain = self.path("plain.gguf")
        self.assert_done("quantize", path, plain, "--type", "F32", "--force")
        decoded = {}
        for name, (kind, _, data) in checkpoint.read_gguf(self, plain)[1].items():
            self.assertEqual(kind, "F32", name)
            decoded[name] = array.array("f", data)
        return decoded

    def test_are_those_of_what_was_written(self):
        checkpoint.write(self.source)
        for kind in ("F16", "Q8_0", "Q4_0"):
            with self.subTest(kind):
                self.quantize(kind, None, "--force", "--report", self.report)
                report, source, made = self.read_report(), self.values(self.source), self.values(self.out)
                tensors = {row["name"]: row for row in report["files"][0]["tensors"]}
                self.assertEqual(tensors.keys(), made.keys())
                for name, row in tensors.items():
                    squared = math.fsum((a - b) ** 2 for a, b in zip(source[name], made[name]))
                    energy = math.fsum(a * a for a in source[name])
                    want = squared / energy if squared else 0
                    # Both are sums in double of some thousand squares.
                    self.assertAlmostEqual(row["relative_error"], want, delta=1e-10 * want, msg=name)
                    self.assertEqual(row["n_values"], len(source[name]))
                # The weights are such that F16 holds them all.
                self.assertEqual(tensors["blk.0.ffn_up.weight"]["relative_error"] > 0, kind != "F16")
                self.assertEqual(tensors["blk.0.ffn_norm.weight"]["relative_error"], 0)

    def test_stand_beside_type_shape_and_bits(self):
        checkpoint.write(self.source)
        self.quantize("Q8_0", None, "--report", self.report)
        report, (_, tensors) = self.read_report(), checkpoint.read_gguf(self, self.out)
        for row in report["files"][0]["tensors"]:
            kind, shape, data = tensors[row["name"]]
            self.assertEqual((row["type"], list(reversed(row["shape"])), row["n_bytes"]), (kind, list(shape), len(data)))
            self.assertAlmostEqual(row["bits"], 8 * len(data) / math.prod(shape))
        self.assertEqual(report["files"][0]["file_bytes"], os.path.getsize(self.out))
        self.assertIsNone(report["files"][0]["comparison"])

    def test_do_not_depend_on_the_number_of_threads(self):
        checkpoint.write(self.source)
        reports = []
        for n in (1, 3):
            self.quantize("Q4_0", None, "--force", "--report", self.report, "--threads", n)
            reports.append(self.read_report())
        self.assertEqual(*reports)

    def test_change_nothing_in_the_file(self):
        checkpoint.write(self.source)
        self.quantize("Q4_0")
        with open(self.out, "rb") as file:
            want = file.read()
        self.quantize("Q4_0", None, "--force", "--report", self.report)
        with open(self.out, "rb") as file:
            self.assertEqual(file.read(), want)


class Comparisons(TestCase):
    def comparison(self, a, b, *more):
        return self.json("compare", a, b, "-f", self.text, "--ctx", 32, "--json", *more)

    def test_are_those_of_wick_compare(self):
        checkpoint.write(self.source)
        original = self.path("original.gguf")
        self.assert_done("quantize", self.source, original, "--type", "BF16")
        for source, more in ((self.source, ()), (original, ("--precise",))):
            with self.subTest(source=source):
                self.quantize("Q4_0", source, "--force", "--report", self.report, "--report-text", self.text, "--ctx", 32, *more)
                report = self.read_report()
                want = self.comparison(original, self.out, *more)
                self.assertGreater(want["kl"], 0)
                self.assertEqual(report["files"][0]["comparison"], want)
                self.assertEqual((report["precise"], report["window"]), (bool(more), 32))

    def test_of_a_checkpoint_lose_nothing_before(self):
        for dtype in ("F16", "F32", "F64"):
            checkpoint.write(self.source, checkpoint.tensors(dtype))
            kind = "F32" if dtype == "F64" else dtype
            self.quantize(kind, None, "--force", "--report", self.report, "--report-text", self.text, "--ctx", 32)
            self.assertEqual(self.read_report()["files"][0]["comparison"]["kl"], 0, dtype)

    def test_of_a_sweep_are_those_of_each_type(self):
        checkpoint.write(self.source)
        self.assert_done("quantize", self.source, "--sweep", "Q8_0,q4_0,BF16", "--report", self.report, "--report-text", self.text,
                         "--ctx", 32)
        self.assertEqual(self.left(), ["report.json", "text.txt", "tiny-model"])
        report = self.read_report()
        self.assertIsNone(report["output"])
        self.assertEqual([row["type"] for row in report["files"]], ["Q8_0", "Q4_0", "BF16"])
        original = self.path("original.gguf")
        self.assert_done("quantize", self.source, original, "--type", "BF16")
        for row in report["files"]:
            self.quantize(row["type"], None, "--force")
            self.assertEqual(row["comparison"], self.comparison(original, self.out))
            self.assertEqual(row["file_bytes"], os.path.getsize(self.out))
            self.assertFalse(row["is_kept"])

    def test_of_a_sweep_beside_a_file(self):
        checkpoint.write(self.source)
        self.quantize("Q4_0", None, "--sweep", "Q8_0,Q4_0", "--report", self.report, "--report", self.page, "--report-text", self.text,
                      "--ctx", 32)
        files = self.read_report()["files"]
        self.assertEqual([(row["type"], row["is_kept"]) for row in files], [("Q4_0", True), ("Q8_0", False)])
        self.assertEqual(self.left(), ["out.gguf", "report.html", "report.json", "text.txt", "tiny-model"])

    def test_of_a_shared_model(self):
        self.source = measure.model_path("taper", "BF16")
        measure.short_text(self.text, 6000)
        self.quantize("Q4_0", None, "--report", self.report, "--report-text", self.text, "--ctx", 256)
        comparison = self.read_report()["files"][0]["comparison"]
        self.assertTrue(0 < comparison["kl"] < 0.05, comparison)
        self.assertGreater(comparison["same_top"], 0.8)


class Page(TestCase):
    def setUp(self):
        super().setUp()
        checkpoint.write(self.source)

    def make(self, *more):
        self.quantize("Q4_0", None, "--force", "--report", self.page, *more)
        with open(self.page, encoding="utf-8") as file:
            return file.read()

    def test_parses(self):
        for more in ((), ("--report-text", self.text, "--ctx", 32, "--sweep", "Q8_0,F16")):
            page = self.make(*more)
            os.remove(self.page)
            parser = Parser()
            parser.feed(page)
            parser.close()
            self.assertEqual((parser.faults, parser.open), ([], []))
            self.assertNotIn("script", parser.tags)
            root = xml.etree.ElementTree.fromstring(page.replace("<!DOCTYPE html>", "", 1))
            pictures = list(root.iter(SVG + "svg"))
            self.assertGreater(len(pictures), 8)
            for picture in pictures:
                _, _, width, height = map(float, picture.get("viewBox").split())
                for shape in picture.iter():
                    for name, most in (("x", width), ("cx", width), ("x2", width), ("y", height), ("cy", height), ("y2", height)):
                        self.assertTrue(0 <= float(shape.get(name, 0)) <= most, (shape.tag, shape.attrib))

    def test_shows_the_figures_of_the_json(self):
        page = self.make("--report", self.report, "--report-text", self.text, "--ctx", 32)
        comparison = self.read_report()["files"][0]["comparison"]
        for text in (f"{100 * comparison['same_top']:.2f} %", f"{comparison['perplexity_b']:.4f}", "blk.1.ffn_down.weight"):
            self.assertIn(text, page)

    def test_needs_nothing_else_and_is_for_dark_rooms_too(self):
        page = self.make()
        self.assertIn("prefers-color-scheme: dark", page)
        for text in ("<script", "<link", "<img", "url(", "@import", "src="):
            self.assertNotIn(text, page)

    def test_escapes_the_names_of_files(self):
        self.source = self.path("<script>&'\"")
        checkpoint.write(self.source)
        page = self.make()
        self.assertNotIn("<script", page)
        self.assertIn("&lt;script&gt;&amp;&#39;&quot;", page)


class Refusals(TestCase):
    def setUp(self):
        super().setUp()
        checkpoint.write(self.source)

    def test_of_options_that_do_not_go_together(self):
        for more, says in (
                (("--report", self.path("report.txt")), "--report .html .json"),
                (("--report-text", self.text), "--report-text --report"),
                (("--sweep", "F16"), "--sweep --report"),
                (("--sweep", "F16", "--report", self.report), "--sweep --report-text"),
                (("--precise",), "--precise --report-text"),
                (("--ctx", 32, "--report", self.report), "--ctx --report-text")):
            with self.subTest(more=more):
                self.refused(2, *more, says=says)
        self.assert_fails(2, "quantize", self.source, "--report", self.report, says="OUT.gguf")
        self.assert_fails(2, "quantize", self.source, self.out, "--sweep", "F16", "--report", self.report, "--report-text", self.text,
                          says="--type")

    def test_come_before_a_byte_is_written(self):
        full = ("--report", self.report, "--report-text", self.text)
        self.refused(1, *full, "--ctx", 4096, says="too short 4096")
        self.refused(3, *full, "--ctx", 32, "--sweep", "F16,Q9_9", says="'Q9_9'")
        self.refused(4, "--report", self.report, "--report-text", self.path("missing"), says="missing")
        self.refused(1, "--report", self.path("no folder/report.html"), says="created")

    def test_of_files_that_are_there(self):
        with open(self.report, "w", encoding="utf-8") as file:
            file.write("mine")
        self.refused(2, "--report", self.report, says="report.json --force")
        # Not even by force.
        config = os.path.join(self.source, "config.json")
        self.refused(2, "--report", config, "--force", says="config.json source")
        self.quantize("F16", None, "--force", "--report", self.report)
        self.assertIn("files", self.read_report())
        self.refused(2, "--report", self.page, "--report-text", self.text, "--ctx", 32, says="out.gguf --force")


class Endings(TestCase):
    def test_by_ctrl_c_leave_no_temporary_file(self):
        self.source = program.shared("models", "ember")
        text = program.shared("models", "heldout-stories.txt")
        for what in ("source", "sweep"):
            with self.subTest(while_there_is=what):
                process = subprocess.Popen([program.PROGRAM, "quantize", self.source, "--sweep", "Q8_0,Q4_0,F16", "--report", self.page,
                                            "--report-text", text], stderr=subprocess.PIPE)
                for _ in range(2000):
                    if any(f".{what}-" in name and name.endswith(".gguf") for name in self.left()) or process.poll() is not None:
                        break
                    time.sleep(0.005)
                process.send_signal(signal.SIGINT)
                error = process.communicate(timeout=120)[1].decode()
                self.assertEqual((process.returncode, program.without_notes(error)), (130, []))
                self.assertEqual(self.left(), ["text.txt"])


if __name__ == "__main__":
    unittest.main()
