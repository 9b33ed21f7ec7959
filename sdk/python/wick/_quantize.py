# wick.quantize: a checkpoint or a GGUF file becomes a quantized GGUF file.
import dataclasses
import json
import operator
import os
import tempfile
from typing import Any, Dict, Optional, Tuple

from . import _core, _errors, _quality, _runtime


@dataclasses.dataclass(frozen=True)
class QuantizeReport:
    """What `wick.quantize` wrote, or with dry_run would write.

    architecture: of the model, as general.architecture names it. type: what was asked for.
    n_tensors, n_values: tensors, and values in all of them.
    source_bytes, output_bytes: of tensors, read and written.
    notes: what a user should know, a sentence each. files: that were written; several where a split source was kept so, none
      of a dry run or a sweep alone.
    tensors: where it was measured, or for a dry run, a dictionary for each, in the order of the file: name, shape (the
      contiguous dimension last), source_type, type, n_values, n_bytes, relative_error (squared error over the sum of squares;
      None where nothing was written).
    chosen: for a target, a dictionary for each matrix: name, type, bits, relative_error (weighed by importance, of a sample).
    quality: with report, report_text or sweep the document that a report in JSON holds, as a dictionary: its "files" have
      type, file_bytes, bits_a_weight, tensors and "comparison", whose figures are those of `wick.Comparison`. Else None.
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
    chosen: Tuple[Dict[str, Any], ...] = ()
    quality: Optional[Dict[str, Any]] = None

    @property
    def bits_per_weight(self):
        """Bits of the output for each value."""
        return 8 * self.output_bytes / self.n_values


def quantize(source, output=None, type=None, *, target_bits=None, target_size=None, formats=(), pure=False, tensor_types=(),
             output_type=None, embedding_type=None, imatrix=None, imatrix_text=None, keep_split=False, measure=False, dry_run=False, force=False,
             allow_nonfinite=False, report=(), report_text=None, sweep=(), context=None, precise=False, backend=None, layers=None,
             memory=None, threads=None, affinity=(), plugins=(), safe=False, allow_insecure_plugins=False, plugin_options=None,
             progress=None):
    """Writes a complete GGUF file: metadata, tokenizer, chat template and tensors. It appears whole or not at all.

    source: a Hugging Face folder, a .safetensors file with its config beside it, or a GGUF file.
    output: the GGUF file to write; None for a dry run, or a sweep alone.
    type: of matrices: a recipe as "Q4_K_M", "F32", "F16", "BF16", or a format of `wick.formats`. pure: one type for all,
      without the recipe's rules.
    target_bits, target_size: instead of a type: for each matrix the one that makes the model lose least, within so many bits
      of a value on average, or so many bytes of the file.
    formats: of a target, which it may choose from, as a list or as text with commas: names, patterns with `*`, "gguf" (the
      default: F16 and what other programs read) or "all" (those too that only Wick knows, such as nf4).
    tensor_types: {pattern: type}, or pairs of them: for matrices in whose name the regular expression is found, the first
      that fits. output_type, embedding_type: of those two matrices.
    imatrix: a file of `wick.imatrix`, that says what matters in matrices. imatrix_text: a text file instead: the source is
      run over it first.
    keep_split: of a GGUF file in several parts makes as many parts.
    measure: fills the report's tensors, with the error of each. dry_run: only says what would be written.
    force: replaces files that are there. allow_nonfinite: keeps NaN and infinity instead of refusing them.
    report: a file, or several, that end with .html or .json, for what was lost; the same is in the result's `quality`.
    report_text: a text file: compares predictions of it with the source's, too.
    sweep: types, as a list or as text with commas, that are made as well, compared and removed again; needs report_text.
    context (tokens of a window, 512 if None), precise, backend, layers, memory, plugin_options: how models run for the
      comparison.
    threads: None: one a processor; the file does not depend on it. affinity, plugins, safe, allow_insecure_plugins: as of
      `wick.Model`.
    progress: called again and again with (what, part done in 0 to 1). What it raises ends the work.

    Returns a `QuantizeReport`; of a sweep alone it is of the first of its types, and `quality` has all. Ctrl-C, and whatever
    else a signal handler raises, ends the work and leaves no file. Other threads of Python run meanwhile.
    """
    pairs = tensor_types.items() if hasattr(tensor_types, "items") else tensor_types
    formats, sweep = (each.split(",") if isinstance(each, str) else list(each) for each in (formats, sweep))
    reports = [report] if isinstance(report, (str, os.PathLike)) else list(report)
    running = {"--ctx": context, "--precise": precise, "--backend": backend, "--layers": layers, "--memory": memory,
               "plugin_options": plugin_options}
    has_type = bool(formats) or (type, target_bits, target_size) != (None, None, None)
    is_report = bool(reports or sweep or report_text is not None)
    _check(output is not None or dry_run or (sweep and not has_type), "quantize: need SOURCE and OUT.gguf")
    _check(not (dry_run and is_report), "quantize: --dry-run: writes nothing, not even a report; leave out one")
    _check(not sweep or report_text is not None, "quantize: --sweep: compares predictions, need --report-text FILE")
    for name, value in running.items():
        _check(not value or report_text is not None,
               f"quantize: {name}: is for models that run, need --report-text FILE as well")
    _check(target_size is None or operator.index(target_size) > 0,
           f"quantize: --target-size: got {target_size}, need bytes")
    words = {"source": os.fspath(source), "output": os.fspath(output or ""), "type": type or "", "pure": pure,
             "target_bits": None if target_bits is None else float(target_bits), "target_size": target_size,
             "formats": formats, "tensor_types": [tuple(pair) for pair in pairs], "output_type": output_type or "",
             "embedding_type": embedding_type or "", "imatrix": os.fspath(imatrix or ""),
             "imatrix_text": os.fspath(imatrix_text or ""), "keep_split": keep_split, "measure": measure, "force": force,
             "allow_nonfinite": allow_nonfinite}
    runtime = _runtime.make(threads, affinity, plugins, safe, allow_insecure_plugins, plugin_options)
    if not is_report and not dry_run:
        return QuantizeReport(**_core.quantize(runtime, words, progress))
    with tempfile.TemporaryDirectory(prefix="wick-") as folder:
        # Where nothing is named, files that come and go have a place of their own.
        beside = words["output"] or os.path.join(folder, "plan.gguf")
        if dry_run:
            return QuantizeReport(**_core.plan_quantize(runtime, {**words, "output": beside}, progress))
        words.update(_quality.running_words(backend, layers, memory, precise))
        words.update(report=[os.fspath(each) for each in reports], sweep=sweep, context=context or 512,
                     scratch=words["output"] or (os.fspath(reports[0]) if reports else beside),
                     text=None if report_text is None else _core.read_text(os.fspath(report_text)),
                     report_text=os.fspath(report_text or ""))
        made, quality = _core.measure_quality(runtime, words, progress)
    if output is None:
        made["files"] = ()
    return QuantizeReport(**made, quality=json.loads(quality))


def _check(is_right, sentence):
    if not is_right:
        raise _errors.UsageError(sentence)
