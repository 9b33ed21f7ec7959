# A loaded model, and text that it generates.
import json
import operator
import os
import random

import numpy as np

from . import _core, _errors, _runtime

_MOST_ID = 2**31 - 1


def _bundled_model():
    """The small model that is installed with Wick."""
    folder = os.path.join(_core.data_directory(), "models")
    with open(os.path.join(folder, "default.json"), encoding="utf-8") as file:
        return os.path.join(folder, json.load(file)["model"])


class Generation:
    """Text that a model generates, piece by piece: an iterator of str, made by `Model.generate`.

    Pieces are whole characters, a token or a few each. Iteration ends with the text, at n_predict tokens, or when it is
    closed; where the context is full, it ends with `wick.ContextFullError` behind the last piece. It can be used as a context
    manager, which closes it. Only one thread at a time may advance it.
    """

    def __init__(self, core, seed):
        self._core = core
        self.seed = seed

    def __iter__(self):
        return self

    def __next__(self):
        text = self._core.next()
        if text is None:
            raise StopIteration
        return text

    def close(self):
        """Ends the generation. Never waits: where another thread is advancing it, that thread's call ends soon."""
        self._core.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    @property
    def text(self):
        """All pieces so far."""
        return self._core.result()["text"]

    @property
    def token_ids(self):
        """The tokens that were drawn so far, a final end token included."""
        return self._core.result()["token_ids"]

    @property
    def finish_reason(self):
        """None while it runs; then "stop" (an end token or a stop text), "length", "context" or "cancelled"."""
        return self._core.result()["finish_reason"]

    @property
    def stats(self):
        """A dictionary: n_prompt_tokens, n_gen_tokens, prompt_tokens_per_s, gen_tokens_per_s, first_token_s (seconds)."""
        result = self._core.result()
        return {name: result[name] for name in ("n_prompt_tokens", "n_gen_tokens", "prompt_tokens_per_s", "gen_tokens_per_s",
                                                "first_token_s")}


class Model:
    """A model that is loaded and ready to run. A context manager: leaving it closes the model.

    path: a GGUF file; of a split one, any part; None: the small model that is installed with Wick.
    backend: devices to use, in this order, as a list or as text with commas ("vulkan,cpu"); None: automatic. One that cannot
      be used is an error.
    threads: of the processor; None: as many as it has cores for. Results do not depend on it.
    context: room for so many tokens, prompt included; None: what the model was trained for, 4096 at most.
    precise: activations and state in float32.
    layers, memory: {device: number}: how many layers it takes, how many bytes of it are used at most.
    affinity: processors to bind a thread to, each.
    plugins: files of plugins to load first. safe, allow_insecure_plugins: as --safe and --allow-insecure-plugins.
    plugin_options: {name: text} for plugins, such as {"isa": "avx2"} or {"kv-type": "f16"}: names as on the command line. One
      that no plugin acts on is an error.
    progress: called with (what, part done in 0 to 1) while the model is loaded.

    Threads: a model may be shared. Calls that run it take turns, each waiting for the one before; `tokenize` and
    `detokenize` need no turn. Several generations of one model may be open, and are advanced in turn. While the model works
    other threads of Python run, and Ctrl-C is heard, between two batches of tokens. After os.fork() a child must load its
    own.
    """

    def __init__(self, path=None, *, backend=None, threads=None, context=None, precise=False, layers=None, memory=None,
                 affinity=(), plugins=(), safe=False, allow_insecure_plugins=False, plugin_options=None, progress=None):
        runtime = _runtime.make(threads, affinity, plugins, safe, allow_insecure_plugins, plugin_options)
        path = os.fspath(path) if path is not None else _bundled_model()
        words = {"path": path, "backend": _runtime.backend_list(backend), "layers": layers or {}, "memory": memory or {},
                 "context": context or 0, "precise": precise}
        self._core = _core.Model(runtime, words, progress)
        self._facts = self._core.facts()
        self._facts.update(path=path, threads=runtime.threads)

    def __repr__(self):
        state = " (closed)" if self.closed else ""
        return f"<wick.Model {self.path!r}: {self._facts['architecture']}, {self._facts['n_parameters']} parameters{state}>"

    def close(self):
        """Frees the model's memory, once who is using it is done. Later calls raise `wick.ArgumentError`."""
        self._core.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    @property
    def closed(self):
        """Whether close() was called."""
        return self._core.closed

    @property
    def path(self):
        """The file that it was loaded from."""
        return self._facts["path"]

    @property
    def vocab_size(self):
        """How many tokens there are."""
        return self._facts["vocab_size"]

    @property
    def model_dim(self):
        """The width of a hidden state."""
        return self._facts["model_dim"]

    @property
    def context(self):
        """The most tokens of one text, prompt included."""
        return self._facts["context"]

    @property
    def facts(self):
        """A dictionary: path, architecture, name, n_layers, vocab_size, model_dim, n_parameters, file_bytes, context_length
        (trained), context (room), threads, bos and eos (ids or None), end_tokens (ids), plan (which part is on which
        device, and in how many bytes)."""
        return dict(self._facts)

    def tokenize(self, text, *, bos=True, special=True):
        """The ids of a text, a list of int.

        bos: puts the token that begins a text first, where the model wants one.
        special: understands the names of special tokens; False takes them literally.
        """
        return self._core.tokenize(text, bos, special)

    def detokenize(self, tokens, *, special=False):
        """The text of ids. special: shows special tokens too. Bytes that are no UTF-8 become U+FFFD."""
        return self._core.detokenize(self._ids(tokens), special)

    def generate(self, prompt, *, n_predict=-1, stop=(), special=False, temp=0.8, top_k=40, top_p=0.95, min_p=0.05, typical=1.0,
                 mirostat=None, repeat_penalty=1.0, frequency_penalty=0.0, presence_penalty=0.0, repeat_last=64, seed=None):
        """Continues a text: returns a `Generation`, an iterator of pieces of text. Nothing runs before the first is asked for.

        prompt: text, whose special tokens are understood, or token ids.
        n_predict: tokens at most; -1: until the text or the context ends. stop: a text, or several, that end it, and are not
        shown. special: shows special tokens too.
        temp: 0 takes the likeliest token, always. top_k: of so many of the likeliest (0: all). top_p: of the likeliest that
        reach this probability. min_p: of those at least so many times as likely as the likeliest. typical: of the most
        typical that reach this probability. mirostat: tau, or (tau, eta): steers the surprise towards tau bits, instead of
        the four. repeat_penalty, frequency_penalty, presence_penalty: against recent tokens, repeat_last of them (-1: all).
        seed: the same gives the same text; None: a random one, which the generation's `seed` says.
        """
        seed = random.SystemRandom().getrandbits(32) if seed is None else operator.index(seed)
        if not 0 <= seed < 2**63:
            raise _errors.ArgumentError(f"generate: seed is {seed}, need 0 to {2**63 - 1}")
        words = {"n_predict": n_predict, "stop": [stop] if isinstance(stop, str) else list(stop), "special": special,
                 "temp": temp, "top_k": top_k, "top_p": top_p, "min_p": min_p, "typical": typical,
                 "repeat_penalty": repeat_penalty, "frequency_penalty": frequency_penalty, "presence_penalty": presence_penalty,
                 "repeat_last": repeat_last, "seed": seed}
        if mirostat is not None:
            words["mirostat"] = (mirostat, 0.1) if np.ndim(mirostat) == 0 else tuple(mirostat)
        return Generation(_core.Generation(self._core, words, self._ids(prompt)), seed)

    def logits(self, tokens, *, last=False):
        """The scores of all tokens behind every position of a text.

        tokens: ids, or a text, whose special tokens are understood.
        Returns float32 [n_tokens, vocab_size]; with last, [1, vocab_size]: those behind the last token alone.
        """
        ids = self._ids(tokens)
        rows = np.empty((1 if last else len(ids), self.vocab_size), np.float32)
        self._core.read_logits(ids, last, rows)
        return rows

    def embeddings(self, tokens, *, last=False):
        """The hidden states of the last layer, behind the last norm: what the model multiplies to get the logits.

        tokens: ids, or a text, whose special tokens are understood.
        Returns float32 [n_tokens, model_dim]; with last, [1, model_dim]: that of the last token alone.
        """
        ids = self._ids(tokens)
        rows = np.empty((1 if last else len(ids), self.model_dim), np.float32)
        self._core.read_hidden(ids, last, rows)
        return rows

    def _ids(self, tokens):
        if isinstance(tokens, str):
            return self.tokenize(tokens)
        ids = [operator.index(token) for token in tokens]
        for token in ids:
            if not 0 <= token <= _MOST_ID:
                raise _errors.ArgumentError(f"model: token id {token} is outside the vocabulary of {self.vocab_size}")
        return ids
