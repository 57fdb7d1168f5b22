"""Prints the part of a lock file that is not installed yet at its pinned version: `missing.py LOCKFILE`."""

import re
import sys
from importlib.metadata import PackageNotFoundError, version

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")


def installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def missing(lock: str) -> list[str]:
    kept: list[str] = []
    keep = False
    for line in lock.splitlines():
        if pin := PIN.match(line):
            keep = installed(pin[1]) != pin[2]
        if keep and not line.lstrip().startswith("#"):
            kept.append(line)
    return kept


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        print("\n".join(missing(file.read())))
