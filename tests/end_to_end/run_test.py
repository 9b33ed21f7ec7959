# `wick run` on the bundled model: what goes to which stream, and how it ends.
import os
import signal
import subprocess
import tempfile
import time
import unittest

import program

PROMPT = "Once upon a time, a brave fox named Pip"
GREEDY = ["-p", PROMPT, "--temp", "0"]


class Run(program.TestCase):
    def test_prints_the_continuation_alone_and_statistics_elsewhere(self):
        result = self.assert_done("run", *GREEDY, "-n", "8")
        document = self.json("run", *GREEDY, "-n", "8", "--json")
        self.assertEqual(result.out, document["text"])
        self.assertNotIn(PROMPT, result.out)
        self.assertIn("tokens/s", result.err)
        self.assertIn("seed", result.err)
        self.assertEqual(self.assert_done("run", *GREEDY, "-n", "8", "-q").err, "")

    def test_may_be_left_out(self):
        self.assertEqual(self.assert_done(*GREEDY, "-n", "8").out, self.assert_done("run", *GREEDY, "-n", "8").out)

    def test_gives_one_document_with_json(self):
        document = self.json("run", *GREEDY, "-n", "8", "--json", "--seed", "7")
        self.assertEqual(len(document["token_ids"]), 8)
        self.assertEqual(document["finish_reason"], "length")
        self.assertEqual(document["seed"], 7)
        self.assertEqual(document["n_prompt_tokens"], 11)
        for key in ("prompt_tokens_per_s", "gen_tokens_per_s", "load_s", "first_token_s"):
            self.assertGreater(document[key], 0)

    def test_reads_the_prompt_from_a_file_or_standard_input(self):
        expected = self.assert_done("run", *GREEDY, "-n", "8").out
        rest = ["--temp", "0", "-n", "8"]
        self.assertEqual(self.assert_done("run", "-f", "-", *rest, stdin=PROMPT.encode()).out, expected)
        with tempfile.NamedTemporaryFile() as file:
            file.write(PROMPT.encode())
            file.flush()
            self.assertEqual(self.assert_done("run", "-f", file.name, *rest).out, expected)

    def test_echoes_the_prompt(self):
        self.assertTrue(self.assert_done("run", *GREEDY, "-n", "8", "--echo").out.startswith(PROMPT + " "))

    def test_never_shows_a_stop_text(self):
        whole = self.assert_done("run", *GREEDY, "-n", "32").out
        stop = whole[10:15]  # spans tokens
        result = self.json("run", *GREEDY, "-n", "32", "--stop", "never there", "--stop", stop, "--json")
        self.assertEqual(result["text"], whole[:whole.index(stop)])
        self.assertEqual(result["finish_reason"], "stop")

    def test_ends_at_an_end_token_and_shows_it_on_request_only(self):
        prompt = ["-p", "<|im_start|>user\nTell me a story about a shy owl.<|im_end|>\n<|im_start|>assistant\n", "--temp",
                  "0", "--json"]
        plain, special = self.json("run", *prompt), self.json("run", *prompt, "--special")
        self.assertEqual(plain["finish_reason"], "stop")
        self.assertEqual(plain["token_ids"], special["token_ids"])
        self.assertNotIn("<|im_end|>", plain["text"])
        self.assertEqual(special["text"], plain["text"] + "<|im_end|>")

    def test_gives_the_same_text_for_the_same_seed(self):
        def words(seed):
            return ["run", "-p", "Once", "-n", "24", "--temp", "1.5", "--top-k", "0", "--seed", seed, "--json"]
        self.assertEqual(self.json(*words(1))["token_ids"], self.json(*words(1))["token_ids"])
        self.assertNotEqual(self.json(*words(1))["token_ids"], self.json(*words(2))["token_ids"])
        drawn = self.json("run", "-p", "Once", "-n", "8", "--json")
        again = self.json("run", "-p", "Once", "-n", "8", "--json", "--seed", drawn["seed"])
        self.assertEqual(drawn["token_ids"], again["token_ids"])

    def test_takes_every_sampling_option(self):
        self.assert_done("run", "-p", "Once", "-n", "8", "--seed", "3", "--temp", "0.9", "--top-k", "20", "--top-p", "0.9",
                         "--min-p", "0.02", "--typical", "0.95", "--repeat-penalty", "1.1", "--frequency-penalty", "0.1",
                         "--presence-penalty", "0.1", "--repeat-last", "-1")
        self.assert_done("run", "-p", "Once", "-n", "8", "--mirostat", "5,0.1")

    def test_says_what_to_set_where_the_context_is_full(self):
        result = program.wick("run", *GREEDY, "--ctx", "16")
        self.assertEqual(result.code, 1)
        self.assertIn("--ctx", result.err.splitlines()[-1])
        self.assertTrue(result.out)
        self.assert_fails(1, "run", *GREEDY, "--ctx", "4", says="--ctx")

    def test_begins_a_text_without_a_prompt(self):
        self.assertTrue(self.assert_done("run", "-n", "8", "--temp", "0").out)

    def test_does_not_depend_on_the_number_of_threads(self):
        one = self.json("run", *GREEDY, "-n", "24", "--threads", "1", "--json")
        self.assertEqual(one["token_ids"], self.json("run", *GREEDY, "-n", "24", "--threads", "3", "--json")["token_ids"])

    def test_binds_threads_to_the_processors_that_are_named(self):
        allowed = sorted(os.sched_getaffinity(0))
        free = self.json("run", *GREEDY, "-n", "8", "--json")
        bound = self.json("run", *GREEDY, "-n", "8", "--json", "--affinity", ",".join(map(str, allowed[-4:])))
        self.assertEqual(bound["threads"], len(allowed[-4:]))
        self.assertEqual(bound["token_ids"], free["token_ids"])
        self.assert_fails(3, "run", *GREEDY, "--affinity", str(allowed[-1] + 1), says="may not use")
        self.assert_fails(2, "run", *GREEDY, "--affinity", str(allowed[0]), "--threads", "2", says="too few")


class Ending(program.TestCase):
    # Long enough to be interrupted: nothing ends it but the context.
    LONG = [program.PROGRAM, "run", "-p", "Once", "--temp", "2", "--top-k", "0", "--top-p", "1", "--min-p", "0", "--seed", "1",
            "--ctx", "100000"]

    def start(self, words):
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        return process

    def test_by_ctrl_c_keeps_the_text_and_gives_130(self):
        process = self.start(self.LONG)
        begun = process.stdout.read(1)
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        self.assertEqual(process.wait(timeout=60), 130)
        (begun + rest).decode("utf-8")

    def test_by_ctrl_c_leaves_no_half_written_file(self):
        with tempfile.TemporaryDirectory() as folder:
            text = os.path.join(folder, "long.txt")
            with open(text, "w", encoding="utf-8") as file:
                file.write("Once upon a time. " * 20000)
            out = os.path.join(folder, "out.npy")
            process = self.start([program.PROGRAM, "logits", "-f", text, "--ctx", "200000", "-o", out])
            for _ in range(600):
                if len(os.listdir(folder)) > 1 or process.poll() is not None:
                    break
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(timeout=60), 130)
            self.assertEqual(os.listdir(folder), ["long.txt"])

    def test_by_a_reader_that_goes_away_is_quiet(self):
        process = self.start(self.LONG)
        process.stdout.read(1)
        process.stdout.close()
        self.assertEqual(program.without_notes(process.stderr.read().decode()), [])
        self.assertEqual(process.wait(timeout=60), 0)


if __name__ == "__main__":
    unittest.main()
