# The types of the package. A test holds it to what the package has.
import enum
import os
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, SupportsIndex, Tuple, Union

import numpy as np
import numpy.typing as npt

__all__: List[str]
__version__: str

_Path = Union[str, "os.PathLike[str]"]
_Tokens = Union[str, Iterable[SupportsIndex]]

class ErrorCode(enum.IntEnum):
    INTERNAL = 1
    USAGE = 2
    UNAVAILABLE = 3
    BAD_FILE = 4
    MISSING_FILE = 5
    BAD_SHAPE = 6
    BAD_ARGUMENT = 7
    OUT_OF_MEMORY = 8
    CONTEXT_FULL = 9
    CANCELLED = 10
    DEVICE_LOST = 11
    IO = 12
    INSECURE = 13
    INCOMPATIBLE = 14

class Error(Exception):
    code: ErrorCode
    hint: str

class InternalError(Error, RuntimeError): ...
class UsageError(Error, ValueError): ...
class UnavailableError(Error, RuntimeError): ...
class BadFileError(Error, ValueError): ...
class MissingFileError(Error, FileNotFoundError): ...
class ShapeError(Error, ValueError): ...
class ArgumentError(Error, ValueError): ...
class OutOfMemoryError(Error, MemoryError): ...
class ContextFullError(Error, RuntimeError): ...
class CancelledError(Error, RuntimeError): ...
class DeviceLostError(Error, RuntimeError): ...
class IoError(Error, OSError): ...
class InsecureError(Error, PermissionError): ...
class IncompatibleError(Error, RuntimeError): ...

class Format:
    @property
    def name(self) -> str: ...
    @property
    def block_values(self) -> int: ...
    @property
    def block_bytes(self) -> int: ...
    @property
    def gguf_type(self) -> Optional[int]: ...
    @property
    def can_quantize(self) -> bool: ...
    def __init__(
        self, name: str, block_values: int, block_bytes: int, gguf_type: Optional[int], can_quantize: bool
    ) -> None: ...
    @property
    def bits(self) -> float: ...

class Comparison:
    @property
    def kl(self) -> float: ...
    @property
    def kl_error(self) -> float: ...
    @property
    def kl_median(self) -> float: ...
    @property
    def kl_q99(self) -> float: ...
    @property
    def kl_max(self) -> float: ...
    @property
    def same_top(self) -> float: ...
    @property
    def same_top_error(self) -> float: ...
    @property
    def perplexity_a(self) -> float: ...
    @property
    def perplexity_a_error(self) -> float: ...
    @property
    def perplexity_b(self) -> float: ...
    @property
    def perplexity_b_error(self) -> float: ...
    @property
    def perplexity_ratio(self) -> float: ...
    @property
    def perplexity_ratio_error(self) -> float: ...
    @property
    def delta_p(self) -> float: ...
    @property
    def delta_p_error(self) -> float: ...
    @property
    def rms_delta_p(self) -> float: ...
    @property
    def rms_delta_p_error(self) -> float: ...
    @property
    def n_tokens(self) -> int: ...
    @property
    def n_windows(self) -> int: ...
    def __init__(
        self,
        kl: float,
        kl_error: float,
        kl_median: float,
        kl_q99: float,
        kl_max: float,
        same_top: float,
        same_top_error: float,
        perplexity_a: float,
        perplexity_a_error: float,
        perplexity_b: float,
        perplexity_b_error: float,
        perplexity_ratio: float,
        perplexity_ratio_error: float,
        delta_p: float,
        delta_p_error: float,
        rms_delta_p: float,
        rms_delta_p_error: float,
        n_tokens: int,
        n_windows: int,
    ) -> None: ...

class ImatrixReport:
    @property
    def output(self) -> str: ...
    @property
    def n_tensors(self) -> int: ...
    @property
    def n_tokens(self) -> int: ...
    @property
    def n_windows(self) -> int: ...
    @property
    def window(self) -> int: ...
    def __init__(
        self,
        output: str,
        n_tensors: int,
        n_tokens: int,
        n_windows: int,
        window: int,
    ) -> None: ...

class QuantizeReport:
    @property
    def architecture(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def n_tensors(self) -> int: ...
    @property
    def n_values(self) -> int: ...
    @property
    def source_bytes(self) -> int: ...
    @property
    def output_bytes(self) -> int: ...
    @property
    def notes(self) -> Tuple[str, ...]: ...
    @property
    def files(self) -> Tuple[str, ...]: ...
    @property
    def tensors(self) -> Tuple[Dict[str, Any], ...]: ...
    @property
    def chosen(self) -> Tuple[Dict[str, Any], ...]: ...
    @property
    def quality(self) -> Optional[Dict[str, Any]]: ...
    def __init__(
        self,
        architecture: str,
        type: str,
        n_tensors: int,
        n_values: int,
        source_bytes: int,
        output_bytes: int,
        notes: Tuple[str, ...],
        files: Tuple[str, ...],
        tensors: Tuple[Dict[str, Any], ...],
        chosen: Tuple[Dict[str, Any], ...] = (),
        quality: Optional[Dict[str, Any]] = None,
    ) -> None: ...
    @property
    def bits_per_weight(self) -> float: ...

class Generation(Iterator[str]):
    seed: int
    def __init__(self, core: Any, seed: int) -> None: ...
    def __iter__(self) -> Generation: ...
    def __next__(self) -> str: ...
    def close(self) -> None: ...
    def __enter__(self) -> Generation: ...
    def __exit__(self, *exception: object) -> None: ...
    @property
    def text(self) -> str: ...
    @property
    def token_ids(self) -> List[int]: ...
    @property
    def finish_reason(self) -> Optional[str]: ...
    @property
    def stats(self) -> Dict[str, float]: ...

class Model:
    def __init__(
        self,
        path: Optional[_Path] = None,
        *,
        backend: Union[None, str, Sequence[str]] = None,
        threads: Optional[int] = None,
        context: Optional[int] = None,
        precise: bool = False,
        layers: Optional[Mapping[str, int]] = None,
        memory: Optional[Mapping[str, int]] = None,
        affinity: Sequence[int] = (),
        plugins: Sequence[_Path] = (),
        safe: bool = False,
        allow_insecure_plugins: bool = False,
        plugin_options: Optional[Mapping[str, str]] = None,
        progress: Optional[Callable[[str, float], object]] = None,
    ) -> None: ...
    def close(self) -> None: ...
    def __enter__(self) -> Model: ...
    def __exit__(self, *exception: object) -> None: ...
    @property
    def closed(self) -> bool: ...
    @property
    def path(self) -> str: ...
    @property
    def vocab_size(self) -> int: ...
    @property
    def model_dim(self) -> int: ...
    @property
    def context(self) -> int: ...
    @property
    def facts(self) -> Dict[str, Any]: ...
    def tokenize(self, text: str, *, bos: bool = True, special: bool = True) -> List[int]: ...
    def detokenize(self, tokens: _Tokens, *, special: bool = False) -> str: ...
    def generate(
        self,
        prompt: _Tokens,
        *,
        n_predict: int = -1,
        stop: Union[str, Sequence[str]] = (),
        special: bool = False,
        temp: float = 0.8,
        top_k: int = 40,
        top_p: float = 0.95,
        min_p: float = 0.05,
        typical: float = 1.0,
        mirostat: Union[None, float, Tuple[float, float]] = None,
        repeat_penalty: float = 1.0,
        frequency_penalty: float = 0.0,
        presence_penalty: float = 0.0,
        repeat_last: int = 64,
        seed: Optional[int] = None,
    ) -> Generation: ...
    def logits(self, tokens: _Tokens, *, last: bool = False) -> npt.NDArray[np.float32]: ...
    def embeddings(self, tokens: _Tokens, *, last: bool = False) -> npt.NDArray[np.float32]: ...

def compare(
    a: _Path,
    b: _Path,
    text: _Path,
    *,
    context: int = 512,
    precise: bool = False,
    precise_a: bool = False,
    backend: Union[None, str, Sequence[str]] = None,
    layers: Optional[Mapping[str, int]] = None,
    memory: Optional[Mapping[str, int]] = None,
    threads: Optional[int] = None,
    affinity: Sequence[int] = (),
    plugins: Sequence[_Path] = (),
    safe: bool = False,
    allow_insecure_plugins: bool = False,
    plugin_options: Optional[Mapping[str, str]] = None,
    progress: Optional[Callable[[str, float], object]] = None,
) -> Comparison: ...
def imatrix(
    model: _Path,
    text: _Path,
    output: _Path,
    *,
    chunks: Optional[int] = None,
    context: int = 512,
    force: bool = False,
    precise: bool = False,
    backend: Union[None, str, Sequence[str]] = None,
    layers: Optional[Mapping[str, int]] = None,
    memory: Optional[Mapping[str, int]] = None,
    threads: Optional[int] = None,
    affinity: Sequence[int] = (),
    plugins: Sequence[_Path] = (),
    safe: bool = False,
    allow_insecure_plugins: bool = False,
    plugin_options: Optional[Mapping[str, str]] = None,
    progress: Optional[Callable[[str, float], object]] = None,
) -> ImatrixReport: ...
def quantize(
    source: _Path,
    output: Optional[_Path] = None,
    type: Optional[str] = None,
    *,
    target_bits: Optional[float] = None,
    target_size: Optional[int] = None,
    formats: Union[str, Iterable[str]] = (),
    pure: bool = False,
    tensor_types: Union[Mapping[str, str], Iterable[Tuple[str, str]]] = (),
    output_type: Optional[str] = None,
    embedding_type: Optional[str] = None,
    imatrix: Optional[_Path] = None,
    imatrix_text: Optional[_Path] = None,
    keep_split: bool = False,
    measure: bool = False,
    dry_run: bool = False,
    force: bool = False,
    allow_nonfinite: bool = False,
    report: Union[_Path, Iterable[_Path]] = (),
    report_text: Optional[_Path] = None,
    sweep: Union[str, Iterable[str]] = (),
    context: Optional[int] = None,
    precise: bool = False,
    backend: Union[None, str, Sequence[str]] = None,
    layers: Optional[Mapping[str, int]] = None,
    memory: Optional[Mapping[str, int]] = None,
    threads: Optional[int] = None,
    affinity: Sequence[int] = (),
    plugins: Sequence[_Path] = (),
    safe: bool = False,
    allow_insecure_plugins: bool = False,
    plugin_options: Optional[Mapping[str, str]] = None,
    progress: Optional[Callable[[str, float], object]] = None,
) -> QuantizeReport: ...
def formats() -> List[Format]: ...
def inspect(path: _Path) -> Dict[str, Any]: ...
def quantize_array(array: npt.ArrayLike, format: str, importance: Optional[npt.ArrayLike] = None) -> npt.NDArray[np.uint8]: ...
def dequantize_array(
    data: Union[npt.NDArray[Any], bytes, bytearray, memoryview],
    format: str,
    shape: Union[None, int, Sequence[int]] = None,
) -> npt.NDArray[np.float32]: ...
