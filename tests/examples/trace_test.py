#!/usr/bin/env python3
# The trace example as a backend of the program: the text is that of the CPU, and the log has what was asked.
import os
import tempfile
import unittest

import example_plugins
import program

PROMPT = ("-m", program.BUNDLED, "-p", "Once upon a time", "-n", "8", "--temp", "0")
LFM2 = os.path.join(program.ROOT, "tests", "lfm2", "fixtures")
ON_TRACE = ("--plugin", example_plugins.library("backend-trace"), "--backend", "trace")


class Trace(program.TestCase):
    def test_text_is_that_of_the_precise_cpu(self):
        cpu = self.assert_done("run", *PROMPT, "--backend", "cpu", "--precise")
        trace = self.assert_done("run", *PROMPT, *ON_TRACE)
        self.assertEqual(trace.out, cpu.out)
        self.assertGreater(len(trace.out), 8)

    def test_the_log_has_what_was_asked(self):
        lines = [line for line in self.assert_done("run", *PROMPT, *ON_TRACE).err.splitlines() if "backend-trace: " in line]
        for words in ("supports matmul@1 with affine u8, groups of 32, f16 scales? yes", "weight token_embd.weight [",
                      "for matmul and embed", "state of 17 blocks", " matmul@1, ", "run 5 tokens, 1 logits row: sequence 0 from 0",
                      "run 1 token, 1 logits row: sequence 0 from 11"):
            self.assertTrue(any(words in line for line in lines), words + "\n" + "\n".join(lines))

    def test_it_is_an_oracle_for_whole_models(self):
        # Doubles against float32 of transformers: what is left is transformers' own rounding.
        text = "Once upon a time, 7 wicks burnt in 1 row."
        for name in ("lfm2_cache4", "lfm2moe"):
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                model, out = os.path.join(LFM2, name + ".gguf"), os.path.join(folder, "logits.npy")
                self.assert_done("logits", "-m", model, "-p", text, "-o", out, *ON_TRACE)
                want = program.read_npy(model.replace(".gguf", ".npy"))
                error = max(example_plugins.row_errors(program.read_npy(out), want))
                print(f"{name}: relative L2 of a row at most {error:.2e}")
                self.assertLessEqual(error, 2e-5)

    def test_a_plan_has_its_estimate(self):
        words = ("--plugin", example_plugins.library("backend-trace"), "--backend", "trace", "--json")
        plan = self.json("plan", "-m", program.BUNDLED, *words)
        self.assertEqual([(row["backend"], row["device"]) for row in plan], [("trace", "trace")])
        self.assertEqual(plan[0]["weights_bytes"] % 8, 0)  # doubles
        self.assertGreater(plan[0]["weights_bytes"], 8 * 5_000_000)


if __name__ == "__main__":
    unittest.main()
