# Runs the program for the tests of this folder, and reads and writes the small files that they need.
import array
import ast
import json
import os
import re
import struct
import subprocess
import sys
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("WICK_TEST_PROGRAM", os.path.join(ROOT, "build", "release", "bin", "wick"))
SHARED = os.path.join(ROOT, "..", "shared")
BUNDLED = os.path.join(ROOT, "tests", "models", "ember-Q8_0.gguf")
SECONDS = 600


class Result:
    """Exit code, standard output as bytes and as text, standard error as text."""

    def __init__(self, process):
        self.code = process.returncode
        self.bytes = process.stdout
        self.out = process.stdout.decode("utf-8")
        self.err = process.stderr.decode("utf-8")


def wick(*words, stdin=b"", cwd=None):
    return Result(subprocess.run([PROGRAM, *map(str, words)], input=stdin, cwd=cwd, timeout=SECONDS,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE))


def without_notes(text):
    """Lines of standard error but warnings and what --backend auto says of devices that it passed over."""
    note = re.compile(r"wick: (warning: |backend \S+ \()")
    return [line for line in text.splitlines() if not note.match(line)]


class TestCase(unittest.TestCase):
    def assert_done(self, *words, stdin=b"", cwd=None):
        result = wick(*words, stdin=stdin, cwd=cwd)
        self.assertEqual(result.code, 0, result.err)
        return result

    def assert_fails(self, code, *words, says="", stdin=b""):
        """Exit code and one sentence, in which every word of `says` stands."""
        result = wick(*words, stdin=stdin)
        self.assertEqual(result.code, code, result.out + result.err)
        lines = without_notes(result.err)
        self.assertEqual(len(lines), 1, result.err)
        self.assertTrue(lines[0].startswith("wick: "), lines[0])
        for word in says.split():
            self.assertIn(word, lines[0])
        return result

    def json(self, *words, stdin=b""):
        return json.loads(self.assert_done(*words, stdin=stdin).out)


def shared(*parts):
    """A file of the shared folder; skips the test where that is absent."""
    path = os.path.join(SHARED, *parts)
    if not os.path.exists(path):
        raise unittest.SkipTest(f"shared/{'/'.join(parts)} is not there")
    return path


def no_device(name):
    """Why no device of this backend can be used; empty: one can."""
    rows = json.loads(wick("plugins", "--json").out)
    row = next((row for row in rows if row["id"] == name), {"state": "not built", "sentence": ""})
    return "" if row["state"] == "loaded" else f"no {name} device: {row['state']}, {row['sentence']}"


_backend = None


def backend():
    """That whose tests main_on() runs."""
    return _backend


def main_on(name, module):
    """Runs the module's tests on a backend. Ends this program, as skipped, where no device of it is."""
    global _backend
    missing = no_device(name)
    if missing:
        print("skipped: " + missing)
        sys.exit(77)
    _backend = name
    unittest.main(module)


def need_shared():
    """Ends this program, as skipped, where the shared folder is not."""
    if not os.path.isdir(SHARED):
        print("skipped: the shared folder is not there")
        sys.exit(77)


def read_npy(path):
    """(rows, columns, float32 values) of a two-dimensional array."""
    with open(path, "rb") as file:
        data = file.read()
    assert data[:6] == b"\x93NUMPY", path
    n_header = struct.unpack_from("<H", data, 8)[0]
    header = ast.literal_eval(data[10:10 + n_header].decode("latin-1"))
    assert header["descr"] == "<f4" and not header["fortran_order"], header
    values = array.array("f")
    values.frombytes(data[10 + n_header:])
    rows, columns = header["shape"]
    assert len(values) == rows * columns, path
    return rows, columns, values


_STRING, _U32 = 8, 4


def write_gguf(path, metadata, tensors):
    """metadata: {key: str or int}; tensors: [(name, dimensions, type id, bytes)]."""
    def text(value):
        raw = value.encode("utf-8")
        return struct.pack("<Q", len(raw)) + raw

    out = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata))
    for key, value in metadata.items():
        is_text = isinstance(value, str)
        out += text(key) + struct.pack("<I", _STRING if is_text else _U32)
        out += text(value) if is_text else struct.pack("<I", value)
    data = b""
    for name, dimensions, type_id, values in tensors:
        out += text(name) + struct.pack("<I", len(dimensions)) + struct.pack(f"<{len(dimensions)}Q", *dimensions)
        out += struct.pack("<IQ", type_id, len(data))
        data += values + b"\0" * (-len(values) % 32)
    with open(path, "wb") as file:
        file.write(out + b"\0" * (-len(out) % 32) + data)
