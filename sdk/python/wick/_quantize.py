# wick.quantize: a checkpoint or a GGUF file becomes a quantized GGUF file.
import dataclasses
import os
from typing import Tuple

from . import _core, _runtime


@dataclasses.dataclass(frozen=True)
class QuantizeReport:
    """What `wick.quantize` wrote.

    architecture: of the model, as general.architecture names it. type: of all matrices.
    n_tensors, n_values: tensors, and values in all of them.
    source_bytes, output_bytes: of tensors, read and written.
    notes: what a user should know, a sentence each.
    """

    architecture: str
    type: str
    n_tensors: int
    n_values: int
    source_bytes: int
    output_bytes: int
    notes: Tuple[str, ...]

    @property
    def bits_per_weight(self):
        """Bits of the output for each value."""
        return 8 * self.output_bytes / self.n_values


def quantize(source, output, type, *, force=False, allow_nonfinite=False, threads=None, plugins=(), progress=None):
    """Writes a complete GGUF file: metadata, tokenizer, chat template and tensors. It appears whole or not at all.

    source: a Hugging Face folder, a .safetensors file with its config beside it, or a GGUF file.
    output: the GGUF file to write. type: of all matrices: "F16", "BF16", or a format of `wick.formats`.
    force: replaces an output that is there. allow_nonfinite: keeps NaN and infinity instead of refusing them.
    threads: None: one a processor; the file does not depend on it. plugins: files of plugins to load first.
    progress: called again and again with the part that is done, 0 to 1. What it raises ends the work.

    Returns a `QuantizeReport`. Ctrl-C, and whatever else a signal handler raises, ends the work and leaves no file. Other
    threads of Python run meanwhile.
    """
    words = {"source": os.fspath(source), "output": os.fspath(output), "type": type, "force": force,
             "allow_nonfinite": allow_nonfinite}
    return QuantizeReport(**_core.quantize(_runtime.make(threads, plugins=plugins), words, progress))
