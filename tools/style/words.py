# Words that must not stand: names of models, devices and formats in the core, and promises without an issue.
import re

_NAMES = re.compile(r"\b(llama|lfm2|vulkan|opencl|asmjit|q4_k|q8_0)\b", re.IGNORECASE)
_PROMISE = re.compile(r"\bTODO\b(?!\(#\d+\))|\bFIXME\b|\bXXX\b")
_CODE = (".cpp", ".h", ".hpp", ".c", ".comp", ".cl", ".py", ".cmake", "CMakeLists.txt")


def check(files):
    for path, text in files.items():
        if path.startswith("core/") and path.endswith((".h", ".cpp")) and "/tests/" not in path:
            yield from find(path, text, _NAMES, "the core names {}, which only plugins and data files know")
        if path.endswith(_CODE) and not path.startswith("tools/style/"):
            yield from find(path, text, _PROMISE, "{} without an issue; do it, or write TODO(#123)")


def find(path, text, pattern, sentence):
    for match in pattern.finditer(text):
        yield path, text.count("\n", 0, match.start()) + 1, sentence.format(match.group())
