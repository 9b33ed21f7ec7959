#!/usr/bin/env python3
# Holds the tutorials to the examples that they walk through: what they show is what is built and tested.
"""check_extracts.py ROOT PAGE...

A fenced block behind a line `<!-- from PATH -->` must stand in ROOT/PATH, line for line. Every block of code (cpp, c, cmake, json)
of these pages needs such a line.
"""
import os
import re
import sys

_BLOCK = re.compile(r"^(?:<!-- from (?P<path>\S+) -->\n+)?```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = {"cpp", "c", "cmake", "json"}


def faults(root, page):
    """(blocks compared, sentences)."""
    with open(page, encoding="utf-8") as file:
        text = file.read()
    n_compared, sentences = 0, []
    for match in _BLOCK.finditer(text):
        where = f"{page}:{text.count(chr(10), 0, match.start('text'))}"
        path = match.group("path")
        if path is None:
            if match.group("language") in _CODE:
                sentences.append(f"{where}: a block of code says not where it is from")
            continue
        n_compared += 1
        try:
            with open(os.path.join(root, path), encoding="utf-8") as file:
                source = "\n" + file.read()
        except OSError as error:
            sentences.append(f"{where}: {error}")
            continue
        if "\n" + match.group("text") not in source:
            sentences.append(f"{where}: the block does not stand in {path}; copy it again")
    return n_compared, sentences


def main(root, pages):
    n_faults = 0
    for page in pages:
        n_compared, sentences = faults(root, page)
        for sentence in sentences:
            print(sentence)
        print(f"{page}: {n_compared} blocks compared, {len(sentences)} faults")
        n_faults += len(sentences) + (n_compared == 0)  # a page without extracts is a page whose marks were lost
    return 1 if n_faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
