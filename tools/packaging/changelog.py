"""Writes a package's changelog.Debian.gz. Usage: changelog.py SOURCE VERSION "NAME <MAIL>" OUTPUT

What changed is the section of the version in CHANGELOG.md ("## 0.1.0 ..." with a list below), where there is one. The
date is SOURCE_DATE_EPOCH, else that of the last commit, so that the same tree gives the same bytes.
"""
import gzip
import os
import pathlib
import re
import subprocess
import sys
import textwrap
import time
from email.utils import formatdate

ROOT = pathlib.Path(__file__).resolve().parents[2]


def last_change():
    if os.environ.get("SOURCE_DATE_EPOCH"):
        return int(os.environ["SOURCE_DATE_EPOCH"])
    try:
        return int(subprocess.run(["git", "-C", str(ROOT), "log", "-1", "--format=%ct"], check=True, capture_output=True).stdout)
    except (OSError, subprocess.CalledProcessError):
        return int(time.time())


def changes_in(text, version):
    """The entries of the list below the heading of `version`, each on one line."""
    section = re.search(rf"^## \[?v?{re.escape(version)}\b.*?$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    entries = re.findall(r"^[-*] (.*?)(?=^[-*] |^#|^$|\Z)", section[1], re.MULTILINE | re.DOTALL) if section else []
    return [" ".join(entry.split()) for entry in entries]


def changelog(source, version, contact, changes, date):
    lines = [line for change in changes
             for line in textwrap.wrap(change, 78, initial_indent="  * ", subsequent_indent="    ", break_on_hyphens=False)]
    return f"{source} ({version}) unstable; urgency=medium\n\n" + "\n".join(lines) + f"\n\n -- {contact}  {formatdate(date).replace('-0000', '+0000')}\n"


def main(source, version, contact, output):
    file = ROOT / "CHANGELOG.md"
    upstream = version.rsplit("-", 1)[0]
    changes = changes_in(file.read_text(encoding="utf-8"), upstream) if file.exists() else []
    date = last_change()
    text = changelog(source, version, contact, changes or [f"Release {upstream}."], date)
    with open(output, "wb") as raw, gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=raw, mtime=0) as packed:
        packed.write(text.encode())
    os.chmod(output, 0o644)


if __name__ == "__main__":
    main(*sys.argv[1:])
