"""Compares built packages with contents.txt. Usage: check_contents.py FOLDER_OF_DEBS BUILD_FOLDER

Every installed file is in exactly one package, and in the one that contents.txt says; owners and modes are such that the
program trusts its plugins; hints name the right packages. BUILD_FOLDER is installed to compare with: a rule without a component would be in no package.
"""
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
LISTS = pathlib.Path(__file__).with_name("contents.txt")
DOCUMENTS = ("copyright", "changelog.Debian.gz")


def general(path):
    """The path without what depends on machine, build folder and version of Python."""
    path = re.sub(r"^usr/lib/python3[^/]*/(dist|site)-packages/", "PYTHON/", path)
    return re.sub(r"^usr/lib/(?:[a-z0-9_]+-linux-gnu/)?", "LIB/", path)


def pattern(text):
    parts = {"**": ".*", "*": "[^/]*"}
    return re.compile("".join(parts.get(part, re.escape(part)) for part in re.split(r"(\*\*|\*)", text)))


def read_lists():
    """{package: [(line, expression, may fit none)]}"""
    lists, package = {}, None
    for line in LISTS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            package = lists.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            text = line.removesuffix("?").strip()
            package.append((text, pattern(text), line.endswith("?")))
    return lists


def entries(package):
    """(mode, owner, path) of all that is in the file `package`; of a link the path alone, without what it points to."""
    listing = subprocess.run(["dpkg-deb", "-c", str(package)], check=True, capture_output=True, text=True).stdout
    for line in listing.splitlines():
        mode, owner, _, _, _, path = line.split(None, 5)
        yield mode, owner, path.split(" -> ")[0].removeprefix("./").rstrip("/")


def mode_faults(name, mode, owner, path):
    if owner != "root/root":
        yield f"{name}: {path} belongs to {owner}, need root/root"
    allowed = {"d": ("drwxr-xr-x",), "-": ("-rw-r--r--", "-rwxr-xr-x"), "l": ("lrwxrwxrwx",)}
    if mode not in allowed.get(mode[0], ()):
        yield f"{name}: {path} has the mode {mode}, need {' or '.join(allowed.get(mode[0], ['no such file']))}"


def list_faults(name, files, rows):
    """Files that no line is for, and lines that no file is for."""
    documents = {f"usr/share/doc/{name}/{document}" for document in DOCUMENTS}
    for path in sorted(documents - files):
        yield f"{name}: {path} is missing"
    found = {general(path): path for path in files - documents}
    for path, original in sorted(found.items()):
        if not any(expression.fullmatch(path) for _, expression, _ in rows):
            yield f"{name}: {original} is in no line of contents.txt"
    for text, expression, may_fit_none in rows:
        if not may_fit_none and not any(expression.fullmatch(path) for path in found):
            yield f"{name}: {text} is missing"


def hint_faults(owners):
    """`wick plugins` must name the package that has the plugin: core's table of known plugins, and the manifests themselves."""
    known = json.loads((ROOT / "core/plugins/known_plugins.json").read_text(encoding="utf-8"))
    manifests = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "plugins").glob("*/manifest.json"))]
    packages = {general(path): names for path, names in owners.items()}
    for plugin in known + [manifest for manifest in manifests if "package_hint" in manifest]:
        names = packages.get(f"LIB/wick/plugins-1/{plugin['id']}.wick.json", [])
        if names != [plugin["package_hint"]["debian"]]:
            yield f"{plugin['id']}: the hint says {plugin['package_hint']['debian']}, and it is in {names or 'no package'}"


def installed(build):
    """Paths of all files that an installation of the build folder has, manual pages as a package names them."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["cmake", "--install", str(build), "--prefix", f"{folder}/usr"], check=True, stdout=subprocess.DEVNULL)
        paths = {os.path.relpath(os.path.join(place, name), folder) for place, _, names in os.walk(folder) for name in names}
    return {path + ".gz" if path.startswith("usr/share/man/") else path for path in paths}


def main(folder, build):
    packages = {path.name.split("_")[0]: path for path in sorted(pathlib.Path(folder).glob("*.deb"))}
    lists, faults, owners = read_lists(), [], collections.defaultdict(list)
    for name in sorted(lists.keys() | {name for name in packages if not name.endswith("-dbgsym")}):
        if name not in packages or name not in lists:
            faults.append(f"{name}: " + ("was not built" if name not in packages else "is not in contents.txt"))
            continue
        content = list(entries(packages[name]))
        faults += [fault for entry in content for fault in mode_faults(name, *entry)]
        files = {path for mode, _, path in content if mode[0] != "d"}
        faults += list_faults(name, files, lists[name])
        for path in files:
            owners[path].append(name)
    faults += [f"{path} is in {' and '.join(names)}, need one package" for path, names in sorted(owners.items()) if len(names) > 1]
    faults += hint_faults(owners)
    faults += [f"{path} is installed and in no package; give its install() rule a component" for path in sorted(installed(build) - owners.keys())]
    print("\n".join(faults + [f"{len(owners)} files in {len(lists)} packages, {len(faults)} faults"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
