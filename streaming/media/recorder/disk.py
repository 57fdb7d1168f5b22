"""Files that survive a crash: written aside, flushed to the disk, then renamed. They block."""

import os
import shutil
from pathlib import Path

from streaming.media.recorder.layout import SegmentName, parse


def write_durably(path: Path, data: bytes) -> None:
    """Put `data` at `path`: all of it or nothing, also after a power cut."""
    aside = path.with_name(f".{path.name}.part")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    _sync_folder(path.parent)


def make_folder(path: Path) -> None:
    """Create a recording's folder for good."""
    path.mkdir(parents=True, exist_ok=True)
    _sync_folder(path.parent)


def closed_segments(folder: Path) -> list[SegmentName]:
    """All closed segments of a recording, in order; what a crash left half-written is removed."""
    if not folder.is_dir():
        return []
    names = []
    for path in folder.iterdir():
        if path.name.endswith(".part"):
            path.unlink(missing_ok=True)
        elif (name := parse(path.name)) is not None:
            names.append(name)
    return sorted(names)


def remove(folder: Path, *files: str) -> None:
    """Remove files of a recording."""
    for file in files:
        (folder / file).unlink(missing_ok=True)


def remove_folder(folder: Path) -> None:
    """Remove a recording's folder with all that is in it."""
    shutil.rmtree(folder, ignore_errors=True)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
