# What is in a file, and which weight formats there are.
import dataclasses
import os
from typing import Optional

from . import _core, _runtime


@dataclasses.dataclass(frozen=True)
class Format:
    """How the values of a tensor are stored: rows are whole blocks.

    name: "Q4_K", or for a format without a GGUF number the full "org.example.fp4@1".
    block_values, block_bytes: values and bytes of a block.
    gguf_type: the number in GGUF files; None for a format that files bind by its name.
    can_quantize: whether it can be written as well as read.
    """

    name: str
    block_values: int
    block_bytes: int
    gguf_type: Optional[int]
    can_quantize: bool

    @property
    def bits(self):
        """Bits of one value, scales included."""
        return 8 * self.block_bytes / self.block_values


def formats():
    """Every weight format: the plain F32, F16 and BF16, then those of the plugins that are installed.

    Returns a list of `Format`.
    """
    return [Format(**each) for each in _core.formats(_runtime.default())]


def inspect(path):
    """What is in a GGUF or safetensors file, or a folder with one. Needs no plugin, and reads no tensor's values.

    path: of a split GGUF file, any part; an index of several safetensors files.

    Returns a dictionary:
      path, format ("gguf", "safetensors"), version (of GGUF; else None);
      parts: a list of {path, n_bytes}, one for each file;
      metadata: {key: value}; arrays are lists; text that is not UTF-8 has surrogate escapes;
      tensors: a list of {name, type, type_id, shape, n_values, n_bytes, part, offset}, in the order of the file. Shapes are
      as NumPy's, the contiguous dimension last; type and n_bytes are None where nothing installed knows the type; offset
      counts bytes from the start of the file parts[part].
    """
    return _core.inspect(_runtime.default(), os.fspath(path))
