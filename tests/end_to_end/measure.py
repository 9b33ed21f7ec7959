# Measures a model's file with the program: errors of its logits, perplexity. Shared by tests and tools/update-baselines.
import json
import math
import os
import tempfile

import program

TYPES = ["BF16", "Q8_0", "Q6_K", "Q4_K_M", "Q4_0"]
MODELS = ["ember", "taper"]
CASES = [0, 5]  # of reference.json, those with logits


def model_path(model, kind):
    return program.shared("models", f"{model}-{kind}.gguf")


def cases(model):
    with open(program.shared("models", model, "reference", "reference.json"), encoding="utf-8") as file:
        return json.load(file)["cases"]


def _done(*words):
    result = program.wick(*words)
    if result.code != 0:
        raise AssertionError(f"{words}: exit code {result.code}\n{result.err}")
    return result.out


def kv_types():
    """What fast paths may hold keys and values in; bf16, where it is there, is what they do by themselves."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "out.npy")
        result = program.wick("logits", "-m", program.BUNDLED, "-p", "a", "-o", path, "--kv-type", "bf16")
    return ["f16", "bf16"] if result.code == 0 else ["f16"]


def logits_error(model, kind, case, *options):
    """The largest relative L2 error over the positions of a case, against float32 with the decoded weights."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "out.npy")
        _done("logits", "-m", model_path(model, kind), "-p", cases(model)[case]["prompt"], "-o", path, *options)
        n_rows, n_columns, ours = program.read_npy(path)
    rows, columns, exact = program.read_npy(
        program.shared("models", model, "reference", f"exact-{kind}-{case}.npy"))
    assert (rows, columns) == (n_rows, n_columns), (model, kind, case)
    worst = 0.0
    for i in range(0, rows * columns, columns):
        difference = math.fsum((a - b) ** 2 for a, b in zip(ours[i:i + columns], exact[i:i + columns]))
        norm = math.fsum(b * b for b in exact[i:i + columns])
        worst = max(worst, math.sqrt(difference / norm))
    return worst


def perplexity(model, kind, *options, text=None):
    """Of the held-out stories, or of another text's file."""
    text = text or program.shared("models", "heldout-stories.txt")
    return json.loads(_done("perplexity", "-m", model_path(model, kind), "-f", text, "--json", *options))["perplexity"]


def short_text(path, n_bytes):
    """Writes the first lines of the held-out stories into a file."""
    with open(program.shared("models", "heldout-stories.txt"), "rb") as file:
        text = file.read(n_bytes)
    with open(path, "wb") as file:
        file.write(text[:text.rindex(b"\n") + 1])


def table(name):
    """{(model, type): [numbers]} of a text file of the shared folder."""
    with open(program.shared("models", name), encoding="utf-8") as file:
        rows = [line.split() for line in file if not line.startswith("#")]
    return {(row[0], row[1]): [float(cell) for cell in row[2:] if cell != "+/-"] for row in rows if row}
