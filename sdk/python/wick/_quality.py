# wick.compare and wick.imatrix: what quantizing cost, and what it should weigh.
import dataclasses
import json
import os

from . import _core, _runtime


@dataclasses.dataclass(frozen=True)
class Comparison:
    """How far B's predictions of a text are from A's. Errors are standard errors of the figure of the name before `_error`.

    kl: the divergence KL(A || B) of the next token, a mean in nats; kl_median, kl_q99, kl_max: of single tokens.
    same_top: the share of tokens where both like the same one most, 0 to 1.
    perplexity_a, perplexity_b, and perplexity_ratio, B over A, whose error is that of paired differences.
    delta_p, rms_delta_p: of the token that comes, B's probability less A's: the mean, and the root of the mean square.
    n_tokens: that were scored, in n_windows windows.
    """

    kl: float
    kl_error: float
    kl_median: float
    kl_q99: float
    kl_max: float
    same_top: float
    same_top_error: float
    perplexity_a: float
    perplexity_a_error: float
    perplexity_b: float
    perplexity_b_error: float
    perplexity_ratio: float
    perplexity_ratio_error: float
    delta_p: float
    delta_p_error: float
    rms_delta_p: float
    rms_delta_p_error: float
    n_tokens: int
    n_windows: int


@dataclasses.dataclass(frozen=True)
class ImatrixReport:
    """What `wick.imatrix` wrote. output: the file; n_tensors: in it; n_tokens: in n_windows windows of `window`."""

    output: str
    n_tensors: int
    n_tokens: int
    n_windows: int
    window: int


def compare(a, b, text, *, context=512, precise=False, precise_a=False, backend=None, layers=None, memory=None, threads=None,
            affinity=(), plugins=(), safe=False, allow_insecure_plugins=False, plugin_options=None, progress=None):
    """Measures how far B's predictions of a text are from A's, as `wick compare` does.

    a, b: GGUF files with the same vocabulary: a is the original, b a smaller one made of it, say.
    text: the text itself, as str; or a `pathlib.Path`, or another path object: the file that holds it.
    context: tokens of a window; the text is cut and scored as by `wick perplexity`.
    precise: activations and state in float32; precise_a: of a alone, which shows what fast paths cost.
    backend, layers, memory, threads, affinity, plugins, safe, allow_insecure_plugins, plugin_options: as of `wick.Model`, for both.
    progress: called again and again with (what, part done in 0 to 1). What it raises ends the work.

    Returns a `Comparison`. Ctrl-C, and whatever else a signal handler raises, ends the work; loading hears it at its end.
    Other threads of Python run meanwhile.
    """
    words = {"a": os.fspath(a), "b": os.fspath(b), "context": context, "precise_a": precise_a}
    words.update(running_words(backend, layers, memory, precise))
    runtime = _runtime.make(threads, affinity, plugins, safe, allow_insecure_plugins, plugin_options)
    return Comparison(**json.loads(_core.compare(runtime, words, _text(text)[0], progress)))


def imatrix(model, text, output, *, chunks=None, context=512, force=False, precise=False, backend=None, layers=None, memory=None,
            threads=None, affinity=(), plugins=(), safe=False, allow_insecure_plugins=False, plugin_options=None, progress=None):
    """Runs a model over a text, and writes how much each column of its matrices matters: for `wick.quantize(imatrix=...)`.

    model: a GGUF file. text: the text itself, as str; or a `pathlib.Path`, or another path object: the file that holds it.
    output: the file to write, "imatrix.gguf" say; it appears whole or not at all. force: replaces one that is there.
    chunks: the first so many windows of the text only; None: all. context: tokens of a window.
    The others are as of `wick.compare`.

    Returns an `ImatrixReport`. Ctrl-C is heard between windows, and leaves no file.
    """
    text, name = _text(text)
    words = {"path": os.fspath(model), "output": os.fspath(output), "chunks": chunks or 0, "context": context, "force": force,
             "text_name": name}
    words.update(running_words(backend, layers, memory, precise))
    runtime = _runtime.make(threads, affinity, plugins, safe, allow_insecure_plugins, plugin_options)
    return ImatrixReport(**_core.imatrix(runtime, words, text, progress))


def running_words(backend, layers, memory, precise):
    """How models run, as the extension module takes it."""
    return {"backend": _runtime.backend_list(backend), "layers": layers or {}, "memory": memory or {}, "precise": precise}


def _text(text):
    """The text, and where it came from."""
    if isinstance(text, str):
        return text, ""
    path = os.fspath(text)
    return _core.read_text(path), path
