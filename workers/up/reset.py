"""Clearing the data folder. The caller holds its lock."""

import shutil
from pathlib import Path

from workers.up.lock import NAME


def size_of(folder: Path) -> str:
    """How much a person would lose, in words."""
    total = sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file())
    return f"{total / 1e9:.1f} GB" if total >= 1e9 else f"{total / 1e6:.0f} MB"


def clear(folder: Path) -> None:
    """Delete everything in the folder but its lock."""
    for entry in folder.iterdir():
        if entry.name == NAME:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
