# `wick quantize`: types of single tensors, --dry-run, --keep-split, and what is shown meanwhile.
import os
import pty
import re
import resource
import subprocess
import unittest

import checkpoint
import gguf_parts
import program
import quantize_case


class TestCase(quantize_case.TestCase):
    def setUp(self):
        super().setUp()
        checkpoint.write(self.source)

    def types(self, path=None):
        """Without the ending of the names."""
        document = self.json("inspect", "--json", path or self.out)
        return {t["name"].rsplit(".", 1)[0]: t["type"] for t in document["tensors"]}

    def untied(self):
        content = checkpoint.tensors("BF16", {**checkpoint.shapes(), "lm_head.weight": [260, 64]})
        checkpoint.write(self.source, content, config={**checkpoint.config(), "tie_word_embeddings": False})


class TensorTypes(TestCase):
    def types_with(self, *more, kind="Q8_0"):
        self.quantize(kind, None, "--force", *more)
        return self.types()

    def test_are_set_by_a_part_of_the_name(self):
        before = self.types_with()
        after = self.types_with("--tensor-type", "ffn_down=f16", "--tensor-type", r"^blk\.0\.attn_[qk]\.=Q5_0")
        changed = {name: kind for name, kind in after.items() if before[name] != kind}
        self.assertEqual(changed, {"blk.0.ffn_down": "F16", "blk.1.ffn_down": "F16", "blk.0.attn_q": "Q5_0",
                                   "blk.0.attn_k": "Q5_0"})

    def test_are_set_by_the_first_pattern_that_is_found(self):
        types = self.types_with("--tensor-type", r"0\.ffn_up=F16", "--tensor-type", "ffn_up=Q4_0")
        self.assertEqual([types[f"blk.{i}.ffn_up"] for i in (0, 1)], ["F16", "Q4_0"])

    def test_go_before_recipes_which_count_them_all_the_same(self):
        types = self.types_with("--tensor-type", r"0\.attn_v=BF16", kind="Q3_K_M")
        self.assertEqual([types[f"blk.{i}.attn_v"] for i in (0, 1)], ["BF16", "Q5_1"])  # Q5_K does not fit

    def test_that_do_not_fit_give_way_with_a_note(self):
        result = self.quantize("F16", None, "--tensor-type", "ffn_up=Q6_K")
        self.assertIn("2 tensors are Q8_0 instead of Q6_K", result.err)
        self.assertEqual(self.types()["blk.0.ffn_up"], "Q8_0")

    def test_do_not_touch_vectors(self):
        self.refused(2, "--tensor-type", "attn_norm=F16", says="--tensor-type no matrix 'attn_norm' --dry-run")

    def test_that_are_wrong_are_refused(self):
        self.refused(2, "--tensor-type", "moon=F16", says="--tensor-type no matrix 'moon'")
        self.refused(3, "--tensor-type", "ffn_up=Q9", says="--tensor-type 'Q9' F16 Q8_0")
        self.refused(2, "--tensor-type", "ffn_(=F16", says="--tensor-type pattern 'ffn_(' byte")
        for text in ("ffn_up", "=F16", "ffn_up="):
            self.refused(2, "--tensor-type", text, says=f"--tensor-type '{text}' PATTERN=TYPE")
        self.refused(2, "--tensor-type", r"^(\w+\.?)+[#$]=F16", says="--tensor-type: pattern failed")

    def test_of_the_output_are_those_of_a_tied_embedding(self):
        self.assertEqual(self.types_with("--output-type", "F16")["token_embd"], "F16")
        self.untied()
        types = self.types_with("--output-type", "F16", "--embedding-type", "Q4_0")
        self.assertEqual((types["output"], types["token_embd"]), ("F16", "Q4_0"))
        types = self.types_with("--output-type", "F16", "--tensor-type", "^(output|token)=BF16")
        self.assertEqual((types["output"], types["token_embd"]), ("F16", "BF16"))

    def test_of_one_matrix_must_be_one(self):
        self.refused(2, "--output-type", "F16", "--embedding-type", "Q4_0", says="--output-type F16 --embedding-type Q4_0")
        self.assertEqual(self.types_with("--output-type", "F16", "--embedding-type", "F16")["token_embd"], "F16")
        self.assertEqual(self.types_with("--embedding-type", "Q4_0")["token_embd"], "Q4_0")
        self.refused(3, "--force", "--output-type", "Q9", says="--output-type 'Q9'")


class DryRuns(TestCase):
    def test_say_what_would_be_written_and_write_nothing(self):
        words = ("--type", "Q4_K_M", "--tensor-type", "attn_q=F16")
        before = sorted(os.listdir(self.folder.name))
        result = self.assert_done("quantize", self.source, self.out, *words, "--dry-run")
        self.assertEqual(self.assert_done("quantize", self.source, *words, "--dry-run").out, result.out)
        self.assertEqual(sorted(os.listdir(self.folder.name)), before)
        self.assertIn("wick: note: ", result.err)
        self.assert_done("quantize", self.source, self.out, *words)
        rows = [line.split() for line in result.out.splitlines()[1:]]
        printed = {row[0]: (row[5], [int(row[1]), int(row[3])]) for row in rows[:-1]}
        written = {}
        for tensor in self.json("inspect", "--json", self.out)["tensors"]:
            written[tensor["name"]] = (tensor["type"], [*tensor["shape"], 1][:2])
        self.assertEqual(printed, written)
        self.assertEqual((rows[-1][0], rows[-1][2]), ("total", "Q4_K_M"))

    def test_refuse_what_would_be_refused(self):
        self.assert_fails(2, "quantize", self.source, "--dry-run", says="--type")
        self.assert_fails(3, "quantize", self.source, "--dry-run", "--type", "Q9", says="'Q9'")
        self.assert_fails(2, "quantize", self.source, "--dry-run", "--type", "F16", "--tensor-type", "moon=F16", says="'moon'")
        self.assert_fails(4, "quantize", self.path("none"), "--dry-run", "--type", "F16")
        self.assert_fails(2, "quantize", self.source, "--type", "F16", says="OUT.gguf")
        self.assert_fails(2, "quantize", self.source, "--dry-run", "--type", "F16", "--report", self.path("r.html"),
                          says="--dry-run report")


class Splits(TestCase):
    def setUp(self):
        super().setUp()
        self.quantize("F16")
        self.whole = self.path("whole.gguf")
        os.rename(self.out, self.whole)
        n_tensors = len(self.types(self.whole))
        self.parts = self.path("parts")
        os.mkdir(self.parts)
        self.source = gguf_parts.split(self.whole, self.parts, [5, 0, n_tensors - 5])

    def names(self):
        return sorted(name for name in os.listdir(self.folder.name) if name.startswith("out"))

    def test_are_joined_where_nothing_is_said(self):
        self.assert_done("quantize", self.whole, self.path("want.gguf"), "--type", "Q8_0")
        self.quantize("Q8_0")
        self.assertEqual(checkpoint.read_gguf(self, self.out), checkpoint.read_gguf(self, self.path("want.gguf")))

    def test_are_kept_as_many_parts(self):
        result = self.quantize("Q8_0", None, "--keep-split")
        self.assertIn("out-00001-of-00003.gguf and 2 more: llama", result.err)
        want = [f"out-{i:05}-of-00003.gguf" for i in (1, 2, 3)]
        self.assertEqual(self.names(), want)
        self.assert_done("quantize", self.whole, self.path("want.gguf"), "--type", "Q8_0")
        wanted = {t["name"]: t["type"] for t in self.json("inspect", "--json", self.path("want.gguf"))["tensors"]}
        first = os.path.join(self.folder.name, want[0])
        got = {t["name"]: t["type"] for t in self.json("inspect", "--json", first)["tensors"]}
        self.assertEqual(got, wanted)
        words = ["-p", "the", "-n", "8", "--temp", "0", "--precise", "--json"]
        self.assertEqual(self.json("run", "-m", first, *words)["token_ids"],
                         self.json("run", "-m", self.path("want.gguf"), *words)["token_ids"])

    def test_take_the_name_of_the_first_part(self):
        self.out = self.path("out-00001-of-00003.gguf")
        self.quantize("Q8_0", None, "--keep-split")
        self.assertEqual(len(self.names()), 3)
        self.out = self.path("out-00002-of-00003.gguf")
        self.refused(2, "--keep-split", "--force", says="00001-of-00003")

    def test_do_not_replace_a_part_that_is_there(self):
        self.quantize("Q8_0", None, "--keep-split")
        os.remove(self.path("out-00001-of-00003.gguf"))
        self.refused(2, "--keep-split", says="out-00002-of-00003.gguf --force")
        self.quantize("Q8_0", None, "--keep-split", "--force")
        self.out = os.path.join(self.parts, "parts.gguf")
        self.refused(2, "--keep-split", "--force", says="parts-00001-of-00003.gguf source")

    def test_leave_nothing_where_a_tensor_is_bad(self):
        path = os.path.join(self.parts, "parts-00003-of-00003.gguf")
        with open(path, "r+b") as file:
            file.seek(-64, os.SEEK_END)
            file.write(b"\xff\x7f" * 32)  # NaN
        self.refused(4, "--keep-split", says="NaN")
        self.assertEqual(self.names(), [])

    def test_on_a_full_disk_leave_nothing(self):
        limit = 150_000  # of a file: the first part fits, the last one does not
        process = subprocess.run([program.PROGRAM, "quantize", self.source, self.out, "--type", "F32", "--keep-split"],
                                 stderr=subprocess.PIPE, timeout=60,
                                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        self.assertEqual(process.returncode, 1, process.stderr)
        self.assertIn(b"out-00003-of-00003.gguf: cannot be written", process.stderr)
        self.assertEqual(self.names(), [])

    def test_are_no_matter_of_one_file(self):
        self.refused(2, "--keep-split", source=self.whole, says="--keep-split parts")
        checkpoint.write(self.path("tiny-model"))
        self.refused(2, "--keep-split", source=self.path("tiny-model"), says="--keep-split parts")
        self.assert_fails(2, "quantize", self.whole, "--type", "F16", "--dry-run", "--keep-split", says="--keep-split")


class Progress(TestCase):
    def test_has_bytes_a_rate_and_the_time_left(self):
        # Large enough to take longer than the first moments.
        content = checkpoint.tensors()
        values = checkpoint.pack(checkpoint.numbers([1_000, 64], "values"), "BF16")
        content["model.embed_tokens.weight"] = ("BF16", [1_000_000, 64], values * 1_000)
        checkpoint.write(self.source, content, config={**checkpoint.config(), "vocab_size": 1_000_000})
        main, side = pty.openpty()
        process = subprocess.Popen([program.PROGRAM, "quantize", self.source, self.out, "--type", "Q5_1", "--pure", "-t", "1"], stderr=side)
        os.close(side)
        shown = b""
        while True:
            try:
                piece = os.read(main, 65536)
            except OSError:  # closed at the other end
                break
            if not piece:
                break
            shown += piece
        os.close(main)
        self.assertEqual(process.wait(timeout=60), 0)
        bars = re.findall(r"quantizing \[[= ]{30}\] +\d+ %  \S+ .?i?B of 122\.\d MiB(?:, \S+ .iB/s, \d+:\d\d left)?", shown.decode())
        self.assertTrue(bars, shown)
        self.assertTrue(any(" left" in bar for bar in bars), bars)
        self.assertNotIn("quantizing", self.quantize("F16", None, "--force").err)  # no terminal


if __name__ == "__main__":
    unittest.main()
