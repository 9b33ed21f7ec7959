# What users of the package see; every name is in __init__.pyi too.
"""Wick: runs language models from GGUF files, and turns checkpoints into quantized GGUF files.

    import wick

    with wick.Model("model.gguf") as model:
        for piece in model.generate("Once upon a time", n_predict=64):
            print(piece, end="", flush=True)

Errors are `wick.Error`, with the sentence that the `wick` program prints.
"""
from . import _core
from ._arrays import dequantize_array, quantize_array
from ._errors import (ArgumentError, BadFileError, CancelledError, ContextFullError, DeviceLostError, Error, ErrorCode,
                      IncompatibleError, InsecureError, InternalError, IoError, MissingFileError, OutOfMemoryError, ShapeError,
                      UnavailableError, UsageError)
from ._files import Format, formats, inspect
from ._model import Generation, Model
from ._quality import Comparison, ImatrixReport, compare, imatrix
from ._quantize import QuantizeReport, quantize

__version__ = _core.version
for _public in list(globals().values()):
    if getattr(_public, "__module__", "").startswith("wick._"):
        _public.__module__ = "wick"  # where users find it, in tracebacks and pickles

__all__ = ["ArgumentError", "BadFileError", "CancelledError", "Comparison", "ContextFullError", "DeviceLostError", "Error", "ErrorCode",
           "Format", "Generation", "ImatrixReport", "IncompatibleError", "InsecureError", "InternalError", "IoError",
           "MissingFileError", "Model", "OutOfMemoryError", "QuantizeReport", "ShapeError", "UnavailableError", "UsageError", "__version__",
           "compare", "dequantize_array", "formats", "imatrix", "inspect", "quantize", "quantize_array"]
