# NumPy arrays to blocks of a weight format and back.
import numpy as np

from . import _core, _errors, _runtime


def quantize_array(array, format, importance=None):
    """Stores the rows of an array in a weight format, on all threads, as `wick.quantize` does.

    array: [..., n_cols], any type that NumPy casts to float32; n_cols a multiple of the format's block_values.
    format: a name that `wick.formats` has, in any case.
    importance: [n_cols] float32, finite and at least 0, or None: weighs the squared error of each column where the format
      searches its scales. F32, F16 and BF16 have none.

    Returns uint8 [..., row_bytes]: the bytes as they stand in a GGUF file. A format with blocks refuses what is not finite;
    F16 and BF16 round to the nearest, ties to even, and F16 makes infinity of what is too large, as NumPy does.
    """
    values = np.ascontiguousarray(array, dtype=np.float32)
    runtime = _runtime.default()
    layout = _core.format(runtime, format)
    *lead, n_cols = _shape(values, "quantize_array")
    n_rows = int(np.prod(lead, dtype=np.int64))
    if importance is not None:
        importance = np.ascontiguousarray(importance, dtype=np.float32)
        if importance.shape != (n_cols,):
            raise _errors.ShapeError(f"quantize_array: importance has the shape {list(importance.shape)}, need [{n_cols}], "
                                     "a number for each column")
    blocks = np.empty((*lead, n_cols // layout["block_values"] * layout["block_bytes"]), np.uint8)
    _core.encode(runtime, format, n_rows, n_cols, values, importance, blocks)
    return blocks


def dequantize_array(data, format, shape=None):
    """The values of blocks of a weight format.

    data: uint8 [..., row_bytes], as `wick.quantize_array` gives them, or bytes together with a shape.
    format: a name that `wick.formats` has, in any case.
    shape: of the result, the contiguous dimension last; None: [..., n_cols] by the shape of data.

    Returns float32 of that shape.
    """
    if isinstance(data, np.ndarray):
        blocks = np.ascontiguousarray(data).view(np.uint8)
    else:
        blocks = np.frombuffer(data, np.uint8)
    runtime = _runtime.default()
    layout = _core.format(runtime, format)
    block_values, block_bytes = layout["block_values"], layout["block_bytes"]
    if shape is None:
        *lead, row_bytes = _shape(blocks, "dequantize_array")
        if row_bytes % block_bytes != 0:
            raise _errors.ShapeError(f"dequantize_array: a row holds {row_bytes} bytes, need a multiple of {block_bytes} for "
                                     f"{layout['name']}; or give the shape of the values")
        shape = (*lead, row_bytes // block_bytes * block_values)
    shape = tuple(int(n) for n in ((shape,) if np.ndim(shape) == 0 else shape))
    values = np.empty(shape, np.float32)
    *lead, n_cols = _shape(values, "dequantize_array")
    if n_cols % block_values == 0 and values.size // block_values * block_bytes != blocks.size:
        raise _errors.ShapeError(f"dequantize_array: got {blocks.size} bytes, need "
                                 f"{values.size // block_values * block_bytes} for the shape {list(shape)} in {layout['name']}")
    _core.decode(runtime, format, int(np.prod(lead, dtype=np.int64)), n_cols, blocks, values)
    return values


def _shape(array, function):
    if array.ndim == 0:
        raise _errors.ShapeError(f"{function}: got a single number, need at least one dimension")
    return array.shape
