# What shells offer while a line is typed: the words of the program, and bash, zsh and fish with the installed scripts.
import contextlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import unittest.mock

import program

SCRIPTS = os.path.join(program.ROOT, "core", "cli", "completions")
PRELUDE = """
source "$1"; shift
COMP_LINE=$1; COMP_POINT=${#COMP_LINE}; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); last=${COMP_WORDS[COMP_CWORD]}
[[ $last == = || $last == : ]] && last=
_wick wick "$last" ""
printf '%s\\n' "${COMPREPLY[@]}"
"""


def offered(*words):
    """(first line, words) that the program offers for the last of `words`."""
    lines = program.wick("complete", "--", *words).out.splitlines()
    return lines[0], [line.split("\t")[0] for line in lines[1:]]


def words_of_bash(line):
    """As readline cuts them: = and : are words of their own."""
    words = []
    for part in line.split(" "):
        for sign in "=:":
            part = part.replace(sign, f"\0{sign}\0")
        words += [piece for piece in part.split("\0") if piece] or [""]
    return words


def bash(line, cwd=None):
    environment = dict(os.environ, PATH=os.path.dirname(program.PROGRAM) + os.pathsep + os.environ["PATH"])
    run = subprocess.run(["bash", "--norc", "-c", PRELUDE, "bash", os.path.join(SCRIPTS, "wick.bash"), line, *words_of_bash(line)],
                         env=environment, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
    assert run.returncode == 0 and not run.stderr, run.stderr
    return [word for word in run.stdout.split("\n") if word]


@contextlib.contextmanager
def a_plugin_with_devices():
    """Words of a line that name a plugin whose backend is tried in a child, and has two devices; an empty cache."""
    manifest = {"wick_manifest": 1, "id": "org.test.plugin", "version": "1.0.0", "abi": [1, 0], "host_minor_min": 0, "library": "devices.so",
                "provides": [{"kind": "backend", "id": "idle", "probe": "child"}], "requires": {}}
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(os.path.join(os.path.dirname(program.PROGRAM), "..", "tests", "modules", "devices.so"), folder)
        path = os.path.join(folder, "org.test.plugin.wick.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(manifest, file)
        with unittest.mock.patch.dict(os.environ, WICK_TEST_DEVICES="2", XDG_CACHE_HOME=os.path.join(folder, "cache")):
            yield ["--plugin", path, "--allow-insecure-plugins"]


def some_files(folder):
    for name in ("a.gguf", "b.safetensors", "c.txt", "d e.gguf", "probe.so", "text.json"):
        open(os.path.join(folder, name), "w").close()
    os.mkdir(os.path.join(folder, "sub"))


class Words(program.TestCase):
    def test_begin_with_a_command(self):
        kind, words = offered("")
        self.assertEqual(kind, "none")
        self.assertIn("quantize", words)
        self.assertNotIn("complete", words)
        self.assertEqual(offered("pl")[1], ["plan", "plugins"])
        self.assertIn("--prompt", offered("--")[1])  # the bare form is `run`
        self.assertIn("run", offered("help", "")[1])
        self.assertEqual(offered("no-such-command", ""), ("none", []))

    def test_are_the_options_of_help(self):
        for command in offered("")[1]:
            if command == "help":
                continue
            text = self.assert_done(command, "--help").out
            for option in offered(command, "--")[1]:
                self.assertTrue(option == "--help" or option + " " in text, f"{command} {option}")

    def test_leave_out_options_that_are_there_already(self):
        self.assertNotIn("--seed", offered("run", "-s", "3", "--")[1])
        self.assertIn("--stop", offered("run", "--stop", "x", "--")[1])

    def test_take_what_follows_an_option_as_its_value(self):
        self.assertEqual(offered("run", "-p", "--"), ("none", []))
        self.assertEqual(offered("run", "-p", "--temp", "--see")[1], ["--seed"])
        self.assertEqual(offered("tokenize", "--", "--"), ("none", []))

    def test_are_names_of_plugins(self):
        self.assertEqual(offered("run", "--backend", "c")[1], ["cpu"])
        self.assertIn("auto", offered("run", "--backend", "")[1])
        self.assertEqual(offered("run", "--backend=c")[1], ["--backend=cpu"])
        self.assertEqual(offered("run", "--layers", "cpu=3,c")[1], ["cpu=3,cpu="])
        self.assertEqual(offered("run", "--backend", "x,c")[1], ["x,cpu"])
        types = offered("quantize", "a", "b", "--type", "")[1]
        self.assertLess({"F32", "BF16", "Q4_K_M", "Q8_0"}, set(types))
        self.assertEqual(len(types), len(set(types)))
        self.assertIn("Q4_0", offered("quantize", "--type", "q4")[1])
        self.assertIn("attn=Q8_0", offered("quantize", "--tensor-type", "attn=Q8")[1])
        self.assertEqual(offered("quantize", "--sweep", "Q4_0,Q8")[1], ["Q4_0,Q8_0"])
        self.assertIn("org.wick.quant", offered("plugins", "--why", "")[1])

    def test_know_of_a_plugin_that_the_line_names(self):
        manifest = """{"wick_manifest": 1, "id": "com.example.x", "version": "1.0.0", "abi": [1, 0], "host_minor_min": 0,
            "library": "x.so", "provides": [{"kind": "backend", "id": "elsewhere"}], "requires": {}}"""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "com.example.x.wick.json")
            with open(path, "w", encoding="utf-8") as file:
                file.write(manifest)
            open(os.path.join(folder, "x.so"), "w").close()  # no library at all: nothing may load it
            line = ["run", "--plugin", path, "--allow-insecure-plugins", "--backend", "else"]
            self.assertEqual(offered(*line)[1], ["elsewhere"])
            self.assertEqual(offered("run", "--safe", *line[1:])[1], [])

    def test_are_devices_that_an_earlier_start_has_seen(self):
        with a_plugin_with_devices() as plugin:
            self.assertEqual(offered("run", *plugin, "--backend", "id")[1], ["idle"])
            self.assert_done("plugins", *plugin)
            self.assertEqual(offered("run", *plugin, "--backend", "id")[1], ["idle", "idle:0", "idle:1"])
            self.assertEqual(offered("run", *plugin, "--backend", "cpu,idle:")[1], ["cpu,idle:0", "cpu,idle:1"])
            self.assertEqual(offered("run", *plugin, "--layers", "idle:1")[1], ["idle:1="])
            self.assertIn("idle:1\tIdle 3000", program.wick("complete", "--", "run", *plugin, "--backend", "idle:").out)
            line = f"wick run {' '.join(plugin)} --backend "
            self.assertEqual(bash(line + "idle:"), ["0", "1"])
            self.assertEqual(bash(line + "cpu,idle:1"), ["1"])

    def test_are_what_a_wrong_name_of_an_option_lists(self):
        matrices = set()
        for option, backend in (("isa", "cpu"), ("kv-type", "cpu"), ("matrices", "vulkan"), ("matrices", "opencl")):
            text = program.wick("run", "--backend", backend, "--" + option, "wrong", "-p", "a").err
            listed = re.search(r"need one of ([^)\n]*)", text)
            self.assertTrue(listed, text)
            names = set(re.findall(r"[\w-]+", listed[1]))
            self.assertLessEqual(names, set(offered("run", "--" + option, "")[1]), option)
            matrices |= names if option == "matrices" else set()
        self.assertEqual(matrices, set(offered("run", "--matrices", "")[1]))
        self.assertEqual(offered("bench", "--kv-type=q8")[1], ["--kv-type=q8_0"])
        self.assertEqual(offered("run", "--safe", "--isa", "no-such")[1], [])

    def test_say_which_files_are_wanted(self):
        self.assertEqual(offered("run", "-m", "")[0], "files .gguf")
        self.assertEqual(offered("run", "-f", "")[0], "files")
        self.assertEqual(offered("run", "--packed-cache", "")[0], "folders")
        self.assertEqual(offered("logits", "-o", "")[0], "files .npy")
        self.assertEqual(offered("compare", "a", "")[0], "files .gguf")
        self.assertEqual(offered("compare", "a", "b", "")[0], "none")
        self.assertIn(".safetensors", offered("quantize", "")[0])
        self.assertEqual(offered("quantize", "--imatrix", ""), ("files", ["auto"]))
        self.assertEqual(offered("quantize", "--imatrix", "auto", ""), ("files", []))
        self.assertEqual(offered("plugins", "check", "")[0], "files .so")
        self.assertEqual(offered("plugins", "new", "")[1], ["arch", "backend", "quant"])
        self.assertEqual(offered("plugins", "")[1], ["check", "new"])
        self.assertEqual(offered("bench", "-o", "")[1], ["md", "json"])

    def test_of_no_shell_there_is_no_script(self):
        for shell, name in (("bash", "wick.bash"), ("zsh", "_wick"), ("fish", "wick.fish")):
            with open(os.path.join(SCRIPTS, name), encoding="utf-8") as file:
                self.assertEqual(self.assert_done("completion", shell).out, file.read())
        self.assert_fails(2, "completion", says="bash zsh fish")
        self.assert_fails(2, "completion", "bsh", says="'bsh' 'bash'")


class Bash(program.TestCase):
    def test_offers_what_the_program_says(self):
        self.assertEqual(bash("wick pl"), ["plan", "plugins"])
        self.assertEqual(bash("wick run --see"), ["--seed"])
        self.assertEqual(bash("wick run --backend c"), ["cpu"])
        self.assertIn("Q4_K_M", bash("wick quantize --type Q4"))

    def test_answers_for_the_part_behind_a_sign_at_which_it_cuts(self):
        self.assertEqual(bash("wick run --backend=c"), ["cpu"])
        self.assertIn("cpu", bash("wick run --backend="))
        self.assertEqual(bash("wick run --layers cpu=1,c"), ["1,cpu="])
        self.assertIn("Q8_0", bash("wick quantize --tensor-type attn=Q8"))

    def test_offers_files_of_the_wanted_kind_and_folders(self):
        with tempfile.TemporaryDirectory() as folder:
            some_files(folder)
            self.assertEqual(sorted(bash("wick run -m ", folder)), ["a.gguf", "d e.gguf", "sub"])
            self.assertEqual(sorted(bash("wick run --model=", folder)), ["a.gguf", "d e.gguf", "sub"])
            self.assertEqual(bash("wick run --packed-cache ", folder), ["sub"])
            self.assertEqual(sorted(bash("wick plugins check ", folder)), ["probe.so", "sub"])
            self.assertIn("c.txt", bash("wick run -f ", folder))
            self.assertEqual(sorted(bash("wick quantize --imatrix a", folder)), ["a.gguf", "auto"])


class OtherShells(program.TestCase):
    def need(self, shell):
        if shutil.which(shell) is None:
            self.skipTest(f"{shell} is not installed: its script was not tried")

    def test_fish(self):
        self.need("fish")
        with tempfile.TemporaryDirectory() as folder:
            some_files(folder)

            def fish(line):
                script = f'set PATH {os.path.dirname(program.PROGRAM)} $PATH; source {SCRIPTS}/wick.fish; complete -C "{line}"'
                run = subprocess.run(["fish", "--no-config", "-c", script], cwd=folder, stdout=subprocess.PIPE, text=True, timeout=60,
                                     env=dict(os.environ, HOME=folder))
                return [word.split("\t")[0] for word in run.stdout.splitlines()]

            self.assertEqual(fish("wick pl"), ["plan", "plugins"])
            self.assertEqual(fish("wick run --backend c"), ["cpu"])
            self.assertEqual(fish("wick run --backend=c"), ["--backend=cpu"])
            self.assertEqual(sorted(fish("wick run -m ")), ["a.gguf", "d e.gguf", "sub/"])
            self.assertEqual(sorted(fish("wick run --model=")), ["--model=a.gguf", "--model=d e.gguf", "--model=sub/"])
            self.assertEqual(fish("wick run --packed-cache "), ["sub/"])
            self.assertEqual(fish("wick run --matrices cl"), ["clblast", "clblast-f16"])
            with a_plugin_with_devices() as plugin:
                self.assert_done("plugins", *plugin)
                self.assertEqual(fish(f"wick run {' '.join(plugin)} --backend idle:"), ["idle:0", "idle:1"])

    def test_zsh_reads_its_script(self):
        self.need("zsh")
        run = subprocess.run(["zsh", "-f", "-c", f"fpath=({SCRIPTS} $fpath); autoload -Uz compinit; compinit -u -D; "
                              f"autoload +X _wick && zsh -n {SCRIPTS}/_wick && print $_comps[wick]"],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
        self.assertEqual(run.stdout, "_wick\n")


if __name__ == "__main__":
    unittest.main()
