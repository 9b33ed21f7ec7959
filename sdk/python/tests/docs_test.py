#!/usr/bin/env python3
# The examples of docs/python.md, by the script that runs those of the other pages.
import os
import sys

import support

sys.path.insert(0, os.path.join(support.ROOT, "tests", "docs"))
import run_examples  # noqa: E402

if __name__ == "__main__":
    sys.exit(run_examples.main(os.path.dirname(os.environ["WICK_TEST_PROGRAM"]), [os.path.join(support.ROOT, "docs", "python.md")]))
