"""Fails where a program's greedy text is not that of a reference. Usage: compare_greedy.py REFERENCE.json COMMAND...

REFERENCE.json: `cases` with `prompt`, `greedy_ids` and `greedy_text`. COMMAND: how the program is started, up to its model.
"""
import json
import subprocess
import sys


def fault(command, case):
    words = [*command, "--precise", "--temp", "0", "-n", "64", "--json", "--special", "-p", case["prompt"]]
    result = json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout)
    return next((f"{case['prompt']!r}: {name} is {result[name]!r}, need {case[key]!r}"
                 for name, key in (("token_ids", "greedy_ids"), ("text", "greedy_text")) if result[name] != case[key]), None)


def main(reference, *command):
    with open(reference, encoding="utf-8") as file:
        cases = json.load(file)["cases"]
    faults = [text for text in (fault(command, case) for case in cases) if text]
    print("\n".join([*faults, f"   {len(cases) - len(faults)} of {len(cases)} greedy texts are those of the reference"]))
    return 1 if faults or not cases else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
