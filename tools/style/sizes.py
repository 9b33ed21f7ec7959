# Sizes: how long a file and a function may be, and whether a file says what it is for.
import re

import cpp

MAX_FILE_LINES = 600
MAX_FUNCTION_LINES = 60
MAX_EMITTER_LINES = 120  # straight-line emission in jit/ reads best in one piece
CODE = (".cpp", ".h", ".hpp", ".c", ".comp", ".cl", ".py", ".cmake", "CMakeLists.txt")


def is_code(path, text):
    return path.endswith(CODE) or text.startswith("#!")


def check(files):
    for path, text in files.items():
        if "/generated/" in path or not is_code(path, text):
            continue
        n_lines = text.count("\n")
        if n_lines > MAX_FILE_LINES:
            yield path, MAX_FILE_LINES, f"the file has {n_lines} lines, need at most {MAX_FILE_LINES}; split it by subject"
        if not opens_with_comment(text):
            yield path, 1, "the file must open with one to three lines of comment: what it is for and not for"
        if path.endswith((".cpp", ".h", ".hpp", ".c")):
            yield from check_functions(path, text)


def opens_with_comment(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if lines and lines[0].startswith("#!"):
        lines = lines[1:]
    return not lines or re.match(r'//|/\*|#(?!\w)|"""', lines[0]) is not None


def check_functions(path, text):
    limit = MAX_EMITTER_LINES if "/jit/" in path else MAX_FUNCTION_LINES
    for first, last in cpp.function_bodies(text):
        if last - first + 1 > limit:
            yield path, first, f"the function has {last - first + 1} lines, need at most {limit}; give its parts names"
