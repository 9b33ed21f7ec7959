# The other commands on the bundled model: the shapes of what they print.
import os
import platform
import tempfile
import unittest

import program

STORY = "Once upon a time, a brave fox named Pip lived on a farm, next to the red barn.\n" * 40


class Tokenize(program.TestCase):
    def test_prints_ids_and_pieces(self):
        lines = self.assert_done("tokenize", "Once upon a time").out.splitlines()
        self.assertEqual(lines, ["1\t<|startoftext|>", "519\tOnce", "520\t upon", "262\t a", "521\t time"])

    def test_gives_a_list_with_json(self):
        self.assertEqual(self.json("tokenize", "--json", "--no-bos", "Once upon a time"), [519, 520, 262, 521])

    def test_reads_standard_input_as_it_is(self):
        self.assertEqual(self.json("tokenize", "--json", "-", stdin=b"Once\n"), self.json("tokenize", "--json", "Once\n"))

    def test_parses_special_tokens_unless_told_not_to(self):
        self.assertEqual(self.json("tokenize", "--json", "--no-bos", "<|im_start|>"), [3])
        self.assertGreater(len(self.json("tokenize", "--json", "--no-bos", "--no-special", "<|im_start|>")), 1)

    def test_keeps_one_line_a_token(self):
        out = self.assert_done("tokenize", "a\nb\tc\\").out
        ids = self.json("tokenize", "--json", "a\nb\tc\\")
        self.assertEqual([int(line.split("\t")[0]) for line in out.splitlines()], ids)
        self.assertIn("\\n", out)


class Inspect(program.TestCase):
    def test_shows_metadata_tensors_and_totals(self):
        text = self.assert_done("inspect", program.BUNDLED).out
        for part in ("general.architecture", "string[1406]", "token_embd.weight", "Q8_0", "256 x 1406"):
            self.assertIn(part, text)
        document = self.json("inspect", "--json", program.BUNDLED)
        self.assertEqual(document["format"], "gguf")
        self.assertEqual(len(document["metadata"]["tokenizer.ggml.tokens"]), 1406)
        self.assertEqual(len(document["tensors"]), 56)
        self.assertEqual(document["file_bytes"], os.path.getsize(program.BUNDLED))
        tensor = next(t for t in document["tensors"] if t["name"] == "token_embd.weight")
        self.assertEqual((tensor["type"], tensor["shape"], tensor["n_bytes"]), ("Q8_0", [256, 1406], 256 * 1406 // 32 * 34))

    def test_reads_safetensors(self):
        path = program.shared("models", "ember", "model.safetensors")
        document = self.json("inspect", "--json", path)
        self.assertEqual(document["format"], "safetensors")
        self.assertTrue(all(tensor["type"] == "BF16" for tensor in document["tensors"]))
        self.assertIn("BF16", self.assert_done("inspect", os.path.dirname(path)).out)


class Measurements(program.TestCase):
    def test_bench_prints_a_table_or_a_list(self):
        table = self.assert_done("bench", "-p", "32", "-n", "4", "-d", "8", "-r", "2").out
        self.assertIn("pp32 @ d8", table)
        self.assertIn("tg4 @ d8", table)
        rows = self.json("bench", "-p", "32", "-n", "4", "-r", "2", "-o", "json")
        self.assertEqual([row["test"] for row in rows], ["pp32", "tg4"])
        for row in rows:
            self.assertGreater(row["tokens_per_s"], 0)
            self.assertGreaterEqual(row["stddev"], 0)
            self.assertEqual((row["backend"], len(row["samples"])), ("cpu", 2))

    def test_bench_gives_shares_of_the_limits_that_it_measured(self):
        rows = self.json("bench", "-p", "32", "-n", "4", "-r", "1", "-o", "json", "--threads", "2")
        for row in rows:
            self.assertGreater(row["limit_share"], 0)
            self.assertEqual([limits["threads"] for limits in row["limits"]], [1, 2])
            for limits in row["limits"]:
                for key in ("read_bytes_per_s", "int8_macs_per_s", "f32_macs_per_s"):
                    self.assertGreater(limits[key], 0)
                for key in ("f16_macs_per_s", "bf16_macs_per_s"):
                    self.assertTrue(limits[key] is None or limits[key] > 0)
                self.assertTrue(limits["by"])
        text = self.assert_done("bench", "-p", "32", "-n", "0", "-r", "1", "--precise", "--threads", "1").out
        self.assertIn("of limit", text)
        self.assertRegex(text, r"\| pp32 +\| +1 \|")

    def test_bench_measures_the_instruction_set_that_was_named(self):
        name = {"x86_64": "x86-64", "aarch64": "aarch64"}.get(platform.machine(), "portable")
        rows = self.json("bench", "-p", "32", "-n", "0", "-r", "1", "-o", "json", "--threads", "1", "--isa", name)
        if name == "x86-64":
            self.assertEqual(rows[0]["limits"][0]["by"], "pmaddwd xmm, mulps xmm")

    def test_perplexity_counts_windows_and_scored_tokens(self):
        n_ids = len(self.json("tokenize", "--json", STORY))
        document = self.json("perplexity", "-f", "-", "--ctx", "128", "--json", stdin=STORY.encode())
        self.assertEqual(document["n_windows"], n_ids // 128)
        self.assertEqual(document["n_tokens"], n_ids // 128 * 63)
        self.assertGreater(document["perplexity"], 1)
        self.assertRegex(self.assert_done("perplexity", "-p", STORY).out, r"^perplexity \d+\.\d+ \+/- ")
        self.assert_fails(1, "perplexity", "-p", "too short", says="--ctx")

    def test_logits_are_those_that_greedy_text_comes_from(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "out.npy")
            self.assert_done("logits", "-p", "Once upon a time", "-o", path)
            rows, columns, values = program.read_npy(path)
            self.assertEqual((rows, columns), (5, 1406))
            last = values[-columns:]
            drawn = self.json("run", "-p", "Once upon a time", "--temp", "0", "-n", "1", "--json")["token_ids"]
            self.assertEqual(drawn, [last.index(max(last))])

    def test_plan_lists_devices_and_bytes(self):
        lines = self.json("plan", "--json", "--ctx", "512")
        self.assertTrue(lines)
        for line in lines:
            self.assertEqual(line["backend"], "cpu")
            self.assertGreater(line["weights_bytes"], 0)
            self.assertTrue(line["reason"])
        self.assertIn("context 512", self.assert_done("plan", "--ctx", "512").out)

    def test_plan_has_a_line_for_each_part_and_says_how_fast(self):
        lines = self.json("plan", "--json", "--backend", "cpu,cpu", "--layers", "cpu#1=2")
        # Embedding and output go by what was measured.
        parts = " ".join(line["part"] for line in lines)
        self.assertIn("layers 0-1", parts)
        self.assertIn("layers 2-5", parts)
        self.assertEqual({line["entry"] for line in lines}, {"cpu#1", "cpu#2"})
        for line in lines:
            self.assertGreater(line["tokens_per_s"], 0)
            self.assertGreater(line["prompt_tokens_per_s"], 0)
        self.assertIn("tokens/s", self.assert_done("plan").out)
        whole = self.json("plan", "--json")
        self.assertEqual(sum(line["state_bytes"] for line in lines), whole[0]["state_bytes"])

    def test_a_split_model_says_what_the_whole_one_says(self):
        words = ["run", "-p", "Once upon a time", "-n", "24", "--temp", "0"]
        whole = self.assert_done(*words).out
        for options in (["--layers", "cpu#1=3"], ["--memory", "cpu#1=6M"], ["--layers", "cpu#1=0", "--precise"]):
            if "--precise" in options:
                whole = self.assert_done(*words, "--precise").out
            self.assertEqual(self.assert_done(*words, "--backend", "cpu,cpu", *options).out, whole)

    def test_devices_that_cannot_be_used_as_asked_are_errors(self):
        self.assert_fails(2, "plan", "--backend", "cpu,cpu", "--layers", "cpu=3", says="--layers cpu#1")
        self.assert_fails(2, "plan", "--backend", "cpu", "--layers", "cpu=3", says="--layers counts")
        self.assert_fails(2, "plan", "--layers", "cpu", says="--layers NAME=N")
        self.assert_fails(2, "plan", "--backend", "auto,cpu", says="auto alone")
        self.assert_fails(2, "plan", "--memory", "nobody=3M", says="nobody --memory")
        self.assert_fails(3, "plan", "--backend", "cpu", "--memory", "cpu=1M", says="not fit --ctx")
        self.assert_fails(3, "run", "-p", "x", "--backend", "cpu,nobody", says="nobody")
        self.assert_fails(3, "run", "-p", "x", "--backend", "cpu:7", says="cpu device 7")
        self.assertEqual(self.json("plan", "--json", "--backend", "auto")[0]["backend"], "cpu")

    def test_plugins_have_states(self):
        states = {(row["kind"], row["id"]): row["state"] for row in self.json("plugins", "--json")}
        self.assertEqual(states[("backend", "cpu")], "loaded")


if __name__ == "__main__":
    unittest.main()
