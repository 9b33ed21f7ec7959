# wick.quantize: a checkpoint or a GGUF file becomes a quantized GGUF file.
import dataclasses
import os
from typing import Any, Dict, Tuple

from . import _core, _errors, _runtime


@dataclasses.dataclass(frozen=True)
class QuantizeReport:
    """What `wick.quantize` wrote.

    architecture: of the model, as general.architecture names it. type: what was asked for.
    n_tensors, n_values: tensors, and values in all of them.
    source_bytes, output_bytes: of tensors, read and written.
    notes: what a user should know, a sentence each. files: that were written; several where a split source was kept so.
    tensors: where it was measured, a dictionary for each, in the order of the file: name, shape (the contiguous dimension
      last), source_type, type, n_values, n_bytes, relative_error (squared error over the sum of squares).
    """

    architecture: str
    type: str
    n_tensors: int
    n_values: int
    source_bytes: int
    output_bytes: int
    notes: Tuple[str, ...]
    files: Tuple[str, ...]
    tensors: Tuple[Dict[str, Any], ...]

    @property
    def bits_per_weight(self):
        """Bits of the output for each value."""
        return 8 * self.output_bytes / self.n_values


def quantize(source, output, type, *, pure=False, tensor_types=(), output_type=None, embedding_type=None, imatrix=None,
             imatrix_text=None, keep_split=False, measure=False, force=False, allow_nonfinite=False, threads=None, plugins=(),
             progress=None):
    """Writes a complete GGUF file: metadata, tokenizer, chat template and tensors. It appears whole or not at all.

    source: a Hugging Face folder, a .safetensors file with its config beside it, or a GGUF file.
    output: the GGUF file to write.
    type: of matrices: a recipe as "Q4_K_M", "F32", "F16", "BF16", or a format of `wick.formats`. pure: one type for all,
      without the recipe's rules.
    tensor_types: {pattern: type}, or pairs of them: for matrices in whose name the regular expression is found, the first
      that fits. output_type, embedding_type: of those two matrices.
    imatrix: a file of `wick imatrix`, that says what matters in matrices. imatrix_text: a text file instead: the source is
      run over it first.
    keep_split: of a GGUF file in several parts makes as many parts.
    measure: fills the report's tensors, with the error of each.
    force: replaces an output that is there. allow_nonfinite: keeps NaN and infinity instead of refusing them.
    threads: None: one a processor; the file does not depend on it. plugins: files of plugins to load first.
    progress: called again and again with (what, part done in 0 to 1). What it raises ends the work.

    Returns a `QuantizeReport`. Ctrl-C, and whatever else a signal handler raises, ends the work and leaves no file. Other
    threads of Python run meanwhile.
    """
    if imatrix is not None and imatrix_text is not None:
        raise _errors.UsageError("quantize: got imatrix and imatrix_text, need one of the two at most")
    pairs = tensor_types.items() if hasattr(tensor_types, "items") else tensor_types
    words = {"source": os.fspath(source), "output": os.fspath(output), "type": type, "pure": pure,
             "tensor_types": [tuple(pair) for pair in pairs], "output_type": output_type or "",
             "embedding_type": embedding_type or "", "imatrix": os.fspath(imatrix or ""),
             "imatrix_text": os.fspath(imatrix_text or ""), "keep_split": keep_split, "measure": measure, "force": force,
             "allow_nonfinite": allow_nonfinite}
    return QuantizeReport(**_core.quantize(_runtime.make(threads, plugins=plugins), words, progress))
