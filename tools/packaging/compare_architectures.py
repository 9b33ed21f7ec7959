"""Fails where packages of one version differ more than their machines. Usage: compare_architectures.py ONE OTHER, both FOLDER/ARCHITECTURE

The same packages with the same files and the same control fields, but for sizes and least versions of libraries; what lies in usr/share and
usr/include has the same bytes.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

import check_contents

OF_A_MACHINE = ("Architecture", "Installed-Size", "Build-Ids")


def packages(text):
    folder, architecture = text.rsplit("/", 1)
    found = [path for path in sorted(pathlib.Path(folder).glob("*.deb")) if path.stem.split("_")[2] in (architecture, "all")]
    return {path.name.split("_")[0]: path for path in found}


def fields(package):
    text = subprocess.run(["dpkg-deb", "-f", str(package)], check=True, capture_output=True, text=True).stdout
    pairs = dict(re.findall(r"^([A-Z][^:]*): (.*(?:\n .*)*)", text, re.MULTILINE))
    pairs["Depends"] = ", ".join(sorted(re.sub(r" \(>= [^)]*\)", "", one) for one in pairs.get("Depends", "").split(", ")))
    return {name: value for name, value in pairs.items() if name not in OF_A_MACHINE}


def contents(package):
    """{path without the machine's part: its bytes, or None where they are of a machine}"""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["dpkg-deb", "-x", str(package), folder], check=True)
        files = [path for path in pathlib.Path(folder).rglob("*") if not path.is_dir() or path.is_symlink()]
        return {re.sub(r"[a-z0-9_]+-linux-gnu|\.build-id/.*", "MACHINE", check_contents.general(name)):
                path.read_bytes() if name.startswith(("usr/share/", "usr/include/")) and path.is_file() else None
                for path in files for name in [str(path.relative_to(folder))]}


def differences(one, other):
    ours, theirs = fields(one), fields(other)
    for name in sorted(ours.keys() | theirs.keys()):
        if ours.get(name) != theirs.get(name):
            yield f"{name} is '{ours.get(name)}' and '{theirs.get(name)}'"
    ours, theirs = contents(one), contents(other)
    for path in sorted(ours.keys() ^ theirs.keys()):
        yield f"{path} is in one of them"
    for path in sorted(path for path in ours.keys() & theirs.keys() if ours[path] != theirs[path]):
        yield f"{path} has other bytes"


def main(one, other):
    ours, theirs = packages(one), packages(other)
    faults = [f"{name} is of one architecture" for name in sorted(ours.keys() ^ theirs.keys())]
    for name in sorted(ours.keys() & theirs.keys()):
        faults += [f"{ours[name].name} and {theirs[name].name}: {difference}" for difference in differences(ours[name], theirs[name])]
    print("\n".join(faults + [f"{len(ours)} packages of {one} and {other}, {len(faults)} faults"]))
    return 1 if faults or not ours else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
