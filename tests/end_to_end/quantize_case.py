# What the tests of `wick quantize` share: a source, an output beside it, and what becomes of them.
import os
import tempfile

import checkpoint
import program


class TestCase(program.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.source, self.out = self.path("tiny-model"), self.path("out.gguf")

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def quantize(self, kind="BF16", source=None, *more):
        return self.assert_done("quantize", source or self.source, self.out, "--type", kind, *more)

    def converted(self, kind="BF16", source=None):
        self.quantize(kind, source, "--force")
        return checkpoint.read_gguf(self, self.out)

    def refused(self, code, *more, kind="BF16", says="", source=None):
        """And nothing is left beside OUT."""
        before = sorted(os.listdir(self.folder.name))
        result = self.assert_fails(code, "quantize", source or self.source, self.out, "--type", kind, *more, says=says)
        self.assertEqual(sorted(os.listdir(self.folder.name)), before)
        return result

    def is_written_by(self, process):
        """Whether it has a file of the folder open, with or without a name."""
        files = f"/proc/{process.pid}/fd"
        try:
            return any(os.path.dirname(os.readlink(f"{files}/{name}")) == self.folder.name for name in os.listdir(files))
        except OSError:  # it has ended, or closed one meanwhile
            return False
