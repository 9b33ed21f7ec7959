# Reads C++ just well enough for the style rules: blanks comments and strings, finds the bodies of functions. Not a parser.
import re

_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/'                                    # comments
    r'|R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)"'         # raw strings
    r'|"(?:\\.|[^"\\\n])*"'                                  # strings
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'",                 # characters; a quote after a digit separates digits
    re.DOTALL)
_FUNCTION = re.compile(r"\)\s*(const|noexcept(\([^()]*\))?|override|final|mutable|try|&|\s)*((->|requires\b)[^;={}]+)?$")
_TYPE = re.compile(r"\b(class|struct|union|enum)\b")


def blank(text):
    """The same text, of the same lines, with comments removed and literals empty."""
    def hide(match):
        quoted = "''" if match.group().startswith("'") else '""' if '"' in match.group()[:2] else " "
        return quoted + "\n" * match.group().count("\n")
    return _TOKEN.sub(hide, text)


def without_preprocessor(text):
    """Drops directives, macro bodies and all but the first branch of a conditional, so that braces balance."""
    kept, skipping, continued = [], 0, False
    for line in text.split("\n"):
        directive = re.match(r"\s*#\s*(\w+)", line)
        if continued or directive:
            if directive and not continued:
                skipping = _next_skip(directive.group(1), skipping)
            continued = line.endswith("\\")
            kept.append("")
        else:
            kept.append("" if skipping else line)
    return "\n".join(kept)


def _next_skip(word, skipping):
    if skipping:
        return skipping + (word in ("if", "ifdef", "ifndef")) - (word == "endif")
    return int(word in ("else", "elif"))


def kind_of_block(head):
    """What a brace opens, by the text before it: scope, type, function, or a braced value."""
    head = re.sub(r"\[\[.*?\]\]|\balignas\s*\([^)]*\)|\btemplate\s*<.*?>\s*(?=class|struct|union|enum)", " ", head, flags=re.DOTALL).strip()
    if re.search(r"\bnamespace\b", head) or re.match(r'extern\s*""$', head):
        return "scope"
    if _TYPE.search(head) and "(" not in head:
        return "type"
    if re.search(r"\)\s*(noexcept(\s*\([^)]*\))?\s*)?:(?!:)", head):  # a constructor's initializers
        return "function" if head.endswith((")", "}")) else "value"
    return "function" if _FUNCTION.search(head) else "value"


def function_bodies(text):
    """(first, last) line of every function's braces, lambdas inside one not counted apart."""
    text = without_preprocessor(blank(text))
    blocks, head, line, in_function = [], "", 1, 0
    for char in text:
        if char == "\n":
            line += 1
        if char == "{":
            kind = "block" if in_function else kind_of_block(head)
            blocks.append((kind, line, head))
            in_function += kind == "function" or kind == "block"
            head = ""
        elif char == "}" and blocks:
            kind, first, before = blocks.pop()
            in_function -= kind == "function" or kind == "block"
            if kind == "function":
                yield first, line
            head = before + "{}" if kind == "value" else ""
        elif char == ";":
            head = ""
        else:
            head += char
