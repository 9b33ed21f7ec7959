# Wrong usage, help and versions: what the program says and which exit code it gives.
import unittest

import program

COMMANDS = ["run", "bench", "perplexity", "compare", "logits", "tokenize", "inspect", "plan", "quantize", "imatrix", "plugins", "completion"]


class Help(program.TestCase):
    def test_names_every_command(self):
        text = self.assert_done("--help").out
        for command in COMMANDS:
            self.assertRegex(text, rf"(?m)^  {command} ")
        for later in ("chat", "serve"):
            self.assertNotIn(later, text)

    def test_of_each_command_shows_usage_options_and_exit_codes(self):
        for command in COMMANDS:
            text = self.assert_done(command, "--help").out
            self.assertTrue(text.startswith(f"Usage: wick {command} "), text)
            self.assertEqual("--plugin FILE" in text, command != "completion", command)  # that one runs nothing
            self.assertIn("Exit codes:", text)
            self.assertEqual(text, self.assert_done("help", command).out)

    def test_shows_the_version(self):
        self.assertRegex(self.assert_done("--version").out, r"^wick \d+\.\d+\.\d+\n$")


class Usage(program.TestCase):
    def test_of_an_unknown_option_or_command_names_the_closest(self):
        self.assert_fails(2, "run", "--tmp", "1", says="'--tmp' '--temp'")
        self.assert_fails(2, "tokenise", "x", says="'tokenise' 'tokenize'")
        self.assert_fails(2, "--no-such-option", says="--no-such-option")

    def test_needs_values_and_arguments(self):
        self.assert_fails(2, "run", "-p", says="-p TEXT")
        self.assert_fails(2, "run", "--json=yes", says="--json yes")
        self.assert_fails(2, "tokenize", says="TEXT")
        self.assert_fails(2, "tokenize", "a", "b", says="'b'")
        self.assert_fails(2, "inspect", says="FILE")
        self.assert_fails(2, "run", "stray", says="'stray'")
        self.assert_fails(2, "logits", "-p", "x", says="--output")
        self.assert_fails(2, "perplexity", says="--file")
        self.assert_fails(2, "run", "-p", "a", "-f", "b", says="--prompt --file")

    def test_checks_every_number(self):
        for option, values in {
                "--temp": ["-1", "nan", "inf", "1e999", "", "x", "0.5x", "1,5"],
                "--top-k": ["-1", "1.5", "99999999999999999999", "x"],
                "--top-p": ["1.1", "-0.1", "nan"],
                "--min-p": ["2"],
                "--typical": ["-1"],
                "--repeat-penalty": ["0", "nan"],
                "--repeat-last": ["-2"],
                "--seed": ["-2", "x"],
                "--mirostat": ["", "5,", "5,0.1,3", "x", "-1"],
                "-n": ["-2", "1e3", "99999999999"],
                "--ctx": ["0", "-5", "4294967296"],
                "--threads": ["0", "-1", "100000"],
                "--affinity": ["", "x", "0,", "1-0", "-1", "99999999999", "0,0"],
                "--backend": ["", "cpu,", ",cpu"],
        }.items():
            for value in values:
                with self.subTest(option=option, value=value):
                    self.assert_fails(2, "run", "-p", "x", option, value)
        self.assert_fails(2, "bench", "-r", "0")
        self.assert_fails(2, "bench", "-o", "xml", says="xml md json")
        self.assert_fails(2, "bench", "-p", "0", "-n", "0")

    def test_never_leaves_out_in_silence_what_a_plugin_was_to_do(self):
        self.assert_fails(3, "run", "-p", "x", "--isa", "nonsense", says="cpu")  # whatever else could run it
        self.assert_fails(3, "run", "-p", "x", "--backend", "cpu", "--isa", "nonsense", says="nonsense")
        self.assert_fails(3, "plan", "--backend", "cpu", "--isa", "nonsense", says="nonsense")
        self.assert_fails(3, "run", "-p", "x", "--kv-type", "nonsense", says="nonsense")
        self.assert_fails(3, "run", "-p", "x", "--perf-dump", "/proc/none", says="perf-dump")
        self.assert_fails(3, "run", "-p", "x", "--matrices", "nonsense", says="matrices")
        for option in ("--isa", "--matrices", "--kv-type", "--packed-cache", "--perf-dump"):
            self.assert_fails(2, "run", "-p", "x", option + "=", says=option)

    def test_takes_values_that_look_like_options(self):
        ids = self.json("tokenize", "--json", "--no-bos", "--", "-m")
        self.assertEqual(ids, self.json("tokenize", "--json", "--no-bos", "-", stdin=b"-m"))
        self.assert_done("run", "-p", "--temp", "-n", "1", "-q")
        self.assert_done("run", "-p", "x", "-n4", "--temp=0", "-q")


if __name__ == "__main__":
    unittest.main()
