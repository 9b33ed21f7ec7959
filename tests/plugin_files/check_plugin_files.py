"""Checks the built plugins as files: one exported symbol, nothing imported from libwick, never unloaded, no search
path of their own, and a manifest that names the library. Usage: check_plugin_files.py PLUGIN_DIR LIBWICK"""

import json
import pathlib
import subprocess
import sys

SYMBOL = "wick_plugin_v1"


def readelf(option, path):
    return subprocess.run(["readelf", "--wide", option, str(path)], check=True, capture_output=True, text=True).stdout


def dynamic_symbols(path):
    """(defined, undefined) names, versions cut off, and whether one is GNU_UNIQUE."""
    defined, undefined, unique = set(), set(), False
    for line in readelf("--dyn-syms", path).splitlines():
        fields = line.split()
        if len(fields) < 8 or not fields[0].rstrip(":").isdigit():
            continue
        name = fields[7].split("@")[0]
        unique = unique or fields[4] == "UNIQUE"
        (undefined if fields[6] == "UND" else defined).add(name)
    return defined, undefined, unique


def problems_of(library, host_symbols):
    defined, undefined, unique = dynamic_symbols(library)
    if defined != {SYMBOL}:
        yield f"exports {sorted(defined)}, need {SYMBOL} alone"
    # The C++ runtime's own names are in both.
    from_host = {name for name in undefined & host_symbols if "4wick" in name or name.startswith("wick_")}
    if from_host:
        yield f"imports {sorted(from_host)} from libwick; a plugin goes through wick_host_api"
    if unique:
        yield "has GNU_UNIQUE symbols; build with -fno-gnu-unique"
    dynamic = readelf("--dynamic", library)
    if "NODELETE" not in dynamic:
        yield "may be unloaded; link with -z nodelete"
    for word in ("RUNPATH", "RPATH", "TEXTREL"):
        if f"({word})" in dynamic:
            yield f"has {word}"
    if "libwick.so" in dynamic:
        yield "links libwick"


def main():
    folder, host = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    manifests = {path: json.loads(path.read_text()) for path in sorted(folder.glob("*.wick.json"))}
    libraries = sorted(folder.glob("*.so"))
    if not libraries:
        print("no plugin was built")
        return 77
    host_symbols, _, _ = dynamic_symbols(host)
    n_problems = 0
    for library in libraries:
        found = list(problems_of(library, host_symbols))
        if not any(manifest["library"] == library.name for manifest in manifests.values()):
            found.append("has no manifest")
        n_problems += len(found)
        for problem in found:
            print(f"{library.name}: {problem}")
    print(f"{len(libraries)} plugins, {n_problems} problems")
    return 1 if n_problems else 0


if __name__ == "__main__":
    sys.exit(main())
