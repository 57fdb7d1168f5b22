"""The one shared library that mongod links and a bare Debian lacks: libcurl (OpenSSL flavour).

The `pycurl` wheel carries it under a name of its own. Where the system has none, a folder of links gives
it the name mongod asks for, and only the mongod child is told of that folder.
"""

import importlib.util
import os
from pathlib import Path

SONAME = "libcurl.so.4"
LINKER_CACHE = Path("/etc/ld.so.cache")


def mongod_environment(run_dir: Path, linker_cache: Path = LINKER_CACHE) -> dict[str, str]:
    """Give the environment in which mongod finds its libraries; makes `<run_dir>/lib` if it is needed."""
    environment = dict(os.environ)
    if _system_has(linker_cache):
        return environment
    carried = _carried_libraries()
    if not carried:
        return environment
    folder = run_dir / "lib"
    folder.mkdir(parents=True, exist_ok=True)
    for library in carried:
        _link(folder / library.name, library)
        if library.name.startswith("libcurl-"):
            _link(folder / SONAME, library)
    before = environment.get("LD_LIBRARY_PATH")
    environment["LD_LIBRARY_PATH"] = f"{folder}:{before}" if before else str(folder)
    return environment


def _system_has(linker_cache: Path) -> bool:
    return linker_cache.is_file() and SONAME.encode() + b"\0" in linker_cache.read_bytes()


def _carried_libraries() -> list[Path]:
    spec = importlib.util.find_spec("pycurl")
    if spec is None or spec.origin is None:
        return []
    package = Path(spec.origin).parent
    return sorted(package.parent.glob("pycurl.libs/*.so*"))


def _link(name: Path, target: Path) -> None:
    if name.is_symlink() and name.readlink() == target:
        return
    name.unlink(missing_ok=True)
    name.symlink_to(target)
