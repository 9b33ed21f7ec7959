"""Checks the programs and libraries in built packages. Usage: check_binaries.py FOLDER_OF_DEBS BUILD_FOLDER

Each is made for the machine that its package names, and hardened as the build's flags ask: what a target's own flags take away again
shows here.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

MACHINES = {"amd64": "Advanced Micro Devices X86-64", "arm64": "AArch64"}
SIGN_RETURN_ADDRESS = (0xD503233F).to_bytes(4, "little")  # paciasp, at the start of functions that -mbranch-protection guards


def field(package, name):
    return subprocess.run(["dpkg-deb", "-f", str(package), name], check=True, capture_output=True, text=True).stdout.strip()


def asked_for(build):
    """The words of the compiler's and the linker's flags."""
    cache = (pathlib.Path(build) / "CMakeCache.txt").read_text(encoding="utf-8")
    return set(" ".join(re.findall(r"^CMAKE_(?:CXX|SHARED_LINKER)_FLAGS:STRING=(.*)$", cache, re.MULTILINE)).split())


def faults_of(path, architecture, flags):
    dump = subprocess.run(["readelf", "-hldW", str(path)], check=True, capture_output=True, text=True).stdout
    machine = re.search(r"Machine: *(.*)", dump)[1]
    if machine != MACHINES.get(architecture, machine):
        yield f"is for {machine}, need {MACHINES[architecture]}"
    if not re.search(r"Type: *DYN", dump):
        yield "has a fixed address, need one that is position independent"
    if re.search(r"GNU_STACK.* RWE ", dump):
        yield "asks for a stack that may be executed"
    if "-Wl,-z,relro" in flags and "GNU_RELRO" not in dump:
        yield "has no GNU_RELRO, which the build asked for"
    if "-Wl,-z,now" in flags and not re.search(r"\(FLAGS.*\).*\b(NOW|BIND_NOW)\b", dump):
        yield "has no BIND_NOW, which the build asked for"
    if any(flag.startswith("-mbranch-protection") for flag in flags) and SIGN_RETURN_ADDRESS not in path.read_bytes():
        yield "signs no return address, which the build asked for"


def main(folder, build):
    flags, faults, checked = asked_for(build), [], 0
    for package in sorted(pathlib.Path(folder).glob("*.deb")):
        if package.name.split("_")[0].endswith("-dbgsym"):
            continue
        with tempfile.TemporaryDirectory() as tree:
            subprocess.run(["dpkg-deb", "-x", str(package), tree], check=True)
            for path in sorted(path for path in pathlib.Path(tree).rglob("*") if path.is_file() and not path.is_symlink()):
                if path.read_bytes()[:4] == b"\x7fELF":
                    checked += 1
                    faults += [f"{package.name}: {path.relative_to(tree)} {fault}" for fault in faults_of(path, field(package, "Architecture"), flags)]
    print("\n".join(faults + [f"{checked} programs and libraries, {len(faults)} faults"]))
    return 1 if faults or not checked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
