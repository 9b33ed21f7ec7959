#!/usr/bin/env python3
# Runs the examples of the documentation against a build, so that no page shows a command that does not work.
"""run_examples.py BIN_FOLDER PAGE...

Runs every ```sh or ```python block that follows a line `<!-- test -->`, or `<!-- test exit=N -->` where the block must end
with exit code N. All blocks of a page share one empty folder; `wick` is the one in BIN_FOLDER, Python the one that runs this.
"""
import os
import re
import subprocess
import sys
import tempfile

_BLOCK = re.compile(r"^<!-- test(?: exit=(\d+))? -->\n+```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMANDS = {"sh": ["bash", "-eu", "-o", "pipefail", "-c"], "python": [sys.executable, "-c"]}
_SECONDS = 300


def examples(page):
    with open(page, encoding="utf-8") as file:
        text = file.read()
    for match in _BLOCK.finditer(text):
        yield text.count("\n", 0, match.start(3)) + 1, int(match.group(1) or 0), match.group(2), match.group(3)


def run(language, script, folder, bin_folder):
    environment = dict(os.environ, PATH=bin_folder + os.pathsep + os.environ["PATH"])
    return subprocess.run([*_COMMANDS[language], script], cwd=folder, env=environment, timeout=_SECONDS,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")


def failures(page, bin_folder):
    """(blocks run, blocks that ended otherwise than the page says)."""
    n_run = n_failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for line, expected, language, script in examples(page):
            result = run(language, script, folder, bin_folder)
            n_run += 1
            if result.returncode != expected:
                n_failed += 1
                print(f"{page}:{line}: exit code {result.returncode}, need {expected}\n{script}{result.stdout}")
    return n_run, n_failed


def main(bin_folder, pages):
    n_failed_in_all = 0
    for page in pages:
        n_run, n_failed = failures(page, os.path.abspath(bin_folder))
        print(f"{page}: {n_run} examples, {n_failed} failed")
        n_failed_in_all += n_failed + (n_run == 0)  # a page without examples is a page whose marks were lost
    return 1 if n_failed_in_all else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
