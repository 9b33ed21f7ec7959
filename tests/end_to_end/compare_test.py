# bench/compare, with engines that only pretend: what it asks them, and what it makes of their answers. And once with Wick itself.
import json
import os
import subprocess
import sys
import tempfile
import unittest

import program

COMPARE = os.path.join(program.ROOT, "bench", "compare")

# Both write their arguments down. Wick's speeds are 100, 200, ...; the peer's a tenth of it for prompts, half for generation.
WICK = """#!{python}
import json, sys
words = sys.argv[1:]
log = open({log!r}, "a+")
log.seek(0)
n = sum(line.startswith("wick") for line in log) // 2 + 1
print("wick", *words, file=log)
kind = "tg" if words[words.index("-p") + 1] == "0" else "pp"
print(json.dumps([{{"test": kind, "tokens_per_s": 100.0 * n, "limit_share": 0.1 * n}}]))
"""
PEER = """#!{python}
import json, sys
log = open({log!r}, "a+")
log.seek(0)
n = sum(line.startswith("peer") for line in log) + 1
print("peer", *sys.argv[1:], file=log)
print("loading")
print(json.dumps({{"peer": "pretended 1.0", "prompt_tokens_per_s": 10 * n, "gen_tokens_per_s": 50.0 * n}}))
print("done")
"""


class Compare(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.log = os.path.join(self.folder, "log")
        self.wick, self.peer = self.script("wick", WICK), self.script("peer", PEER)

    def script(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(text.format(python=sys.executable, log=self.log))
        os.chmod(path, 0o755)
        return path

    def compare(self, *words, peer=None, wick=None):
        return subprocess.run([sys.executable, COMPARE, "--wick", wick or self.wick, "--model", os.path.join(self.folder, "a model.gguf"),
                               "--threads", "2", "--peer", peer or self.peer + " {model} --t={threads} {prompt} {gen}", *words],
                              capture_output=True, text=True, timeout=program.SECONDS)

    def test_compares_the_medians_of_rounds(self):
        done = self.compare("--rounds", "3", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        report = json.loads(done.stdout)
        self.assertEqual((report["peer"], report["rounds"], report["model"]), ("pretended 1.0", 3, "a model.gguf"))
        prompt, gen = report["tests"]
        self.assertEqual((prompt["test"], prompt["wick_samples"], prompt["peer_samples"]), ("pp512", [100, 200, 300], [10, 20, 30]))
        self.assertEqual((prompt["ratio"], prompt["limit_share"]), (10, 0.2))
        self.assertEqual((gen["test"], gen["ratio"]), ("tg128 @ d512", 2))

    def test_takes_turns_and_says_what_is_to_be_done(self):
        self.assertEqual(self.compare("--rounds", "2", "--prompt", "64", "--gen", "8", "--wick-options", "--isa avx2").returncode, 0)
        with open(self.log) as file:
            lines = file.read().splitlines()
        self.assertEqual([line.split()[0] for line in lines], ["wick", "wick", "peer", "peer", "wick", "wick"])
        model = os.path.join(self.folder, "a model.gguf")
        self.assertEqual(lines[2], f"peer {model} --t=2 64 8")
        self.assertTrue(lines[0].endswith("--isa avx2 -p 64 -n 0"), lines[0])
        self.assertTrue(lines[1].endswith("--isa avx2 -p 0 -n 8 -d 64"), lines[1])

    def test_prints_a_table(self):
        text = self.compare("--rounds", "1").stdout
        self.assertIn("| pp512 | 100.00 | 10.00 | 10.00 | 10.0 % |", text)
        self.assertIn("pretended 1.0", text)

    def test_says_in_one_sentence_what_went_wrong(self):
        for peer, says in (("no-such-program {model}", "cannot be run"), ("false", "exit code 1"), ("echo {}", "no JSON line"),
                           ("", "need a command"), ("echo 'half", "--peer"),
                           ("""echo '{"prompt_tokens_per_s": 0, "gen_tokens_per_s": 1}'""", "above 0"),
                           ("""echo '{"prompt_tokens_per_s": "1", "gen_tokens_per_s": 1}'""", "above 0")):
            done = self.compare("--rounds", "1", peer=peer or " ")
            self.assertEqual((done.returncode, done.stdout), (1, ""), peer)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
            self.assertIn(says, done.stderr)
        self.assertIn("not that of `wick bench", self.compare("--rounds", "1", wick="echo").stderr)
        self.assertEqual(self.compare("--rounds", "0").returncode, 2)

    def test_reads_what_wick_bench_prints(self):
        done = subprocess.run([sys.executable, COMPARE, "--wick", program.PROGRAM, "--model", program.BUNDLED, "--threads", "1",
                               "--prompt", "32", "--gen", "4", "--rounds", "1", "--peer", self.peer, "--json"],
                              capture_output=True, text=True, timeout=program.SECONDS)
        self.assertEqual(done.returncode, 0, done.stderr)
        for row in json.loads(done.stdout)["tests"]:
            self.assertGreater(row["ratio"], 0)
            self.assertGreater(row["limit_share"], 0)


if __name__ == "__main__":
    unittest.main()
