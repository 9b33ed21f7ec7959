# Cuts a GGUF file into parts, as models too large for one file are. Only for files with the common alignment.
import struct

_BYTES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}  # of a value, by its type
_STRING, _ARRAY, _U16, _I32 = 8, 9, 2, 5


class _Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def numbers(self, kinds):
        values = struct.unpack_from("<" + kinds, self.data, self.at)
        self.at += struct.calcsize("<" + kinds)
        return values

    def text(self):
        (n,) = self.numbers("Q")
        self.at += n
        return self.data[self.at - n:self.at]

    def skip(self, kind):
        if kind == _STRING:
            self.text()
        elif kind == _ARRAY:
            element, count = self.numbers("IQ")
            for _ in range(count):
                self.skip(element)
        else:
            self.at += _BYTES[kind]


def _text(raw):
    return struct.pack("<Q", len(raw)) + raw


def _padded(data):
    return data + bytes(-len(data) % 32)


def split(source, folder, counts):
    """Writes parts of so many tensors each into the folder, and returns the path of the first."""
    with open(source, "rb") as file:
        read = _Reader(file.read())
    _, version, n_tensors, n_keys = read.numbers("4sIQQ")
    assert n_tensors == sum(counts)
    begin = read.at
    for _ in range(n_keys):
        read.text()
        read.skip(*read.numbers("I"))
    metadata = read.data[begin:read.at]
    entries = []
    for _ in range(n_tensors):
        name, (n_dims,) = read.text(), read.numbers("I")
        entries.append((name, read.numbers(f"{n_dims}Q"), *read.numbers("IQ")))
    data = read.data[read.at + -read.at % 32:]
    ends = [entry[3] for entry in entries[1:]] + [len(data)]
    paths, first = [], 0
    for i, count in enumerate(counts):
        keys = metadata if i == 0 else b""
        for key, kind, code, value in (("split.no", _U16, "H", i), ("split.count", _U16, "H", len(counts)),
                                       ("split.tensors.count", _I32, "i", n_tensors)):
            keys += _text(key.encode()) + struct.pack("<I" + code, kind, value)
        head = struct.pack("<4sIQQ", b"GGUF", version, count, 3 + (n_keys if i == 0 else 0)) + keys
        body = b""
        for name, dims, kind, offset in entries[first:first + count]:
            head += _text(name) + struct.pack(f"<I{len(dims)}QIQ", len(dims), *dims, kind, len(body))
            body += _padded(data[offset:ends[entries.index((name, dims, kind, offset))]])
        paths.append(f"{folder}/parts-{i + 1:05}-of-{len(counts):05}.gguf")
        with open(paths[-1], "wb") as file:
            file.write(_padded(head) + body)
        first += count
    return paths[0]
