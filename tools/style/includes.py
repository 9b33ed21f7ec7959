# Who may include whom: plugin -> sdk <- core, libraries of others in one place and in no public header.
import os
import re

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
_PUBLIC = ("sdk/include/wick/", "core/include/wick/")
_CPP = (".cpp", ".h", ".hpp", ".c")
_BOOST_DLL_USER = "core/plugins/loader.cpp"
_C_HEADERS = {f"{name}.h" for name in (
    "assert ctype errno float inttypes limits locale math setjmp signal stdalign stdarg stdatomic stdbool stddef stdint "
    "stdio stdlib string time uchar wchar").split()}


def check(files):
    for path, text in files.items():
        if not path.endswith(_CPP):
            continue
        for match in _INCLUDE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            for sentence in faults_of(path, match.group(1) == '"', match.group(2), files):
                yield path, line, sentence


def faults_of(path, quoted, name, files):
    if name.startswith("boost/dll") and path != _BOOST_DLL_USER:
        yield f"includes {name}, which only {_BOOST_DLL_USER} may; go through it"
    if path.startswith(_PUBLIC) and not is_public_or_standard(quoted, name):
        yield f"a public header includes {name}; only <wick/...> and the standard library may show there"
    house = house_of(path)
    if house and not is_at_home(path, house, quoted, name, files):
        yield f"{house} includes {name}, which is neither its own file nor the SDK's; the arrows are plugin -> sdk <- core"


def is_public_or_standard(quoted, name):
    if name.startswith("wick/"):
        return True
    if quoted:
        return False
    return re.fullmatch(r"[a-z_]+", name) is not None or name in _C_HEADERS


def house_of(path):
    """The folder beyond which, the SDK aside, a file must not reach."""
    parts = path.split("/")
    if parts[:2] == ["sdk", "python"] or path.startswith("sdk/examples/embed-"):
        return None  # a program on top of the core, as `wick` is; it lies where those who write programs look
    if parts[0] == "plugins" and len(parts) > 2:
        return "/".join(parts[:2])
    if parts[:2] in (["sdk", "examples"], ["sdk", "template"]) and len(parts) > 3:
        return "/".join(parts[:3])  # a stranger's plugin each
    return parts[0] if parts[0] in ("core", "sdk") else None


def is_at_home(path, house, quoted, name, files):
    if not quoted and not name.startswith("wick/"):
        return True
    own = [f"{house}/include/{name}"]
    if quoted:
        own += [os.path.normpath(f"{folder}/{name}") for folder in (os.path.dirname(path), house)]
    in_sdk = [f"sdk/include/{name}", f"sdk/{name}"]
    return any(file in files for file in in_sdk) or any(file in files and file.startswith(house + "/") for file in own)
