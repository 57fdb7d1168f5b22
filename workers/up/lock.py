"""One Kaibo per data folder: an flock that dies with its holder, with the holder's pid inside for people."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

NAME = "kaibo.lock"


class AlreadyRunning(Exception):
    """Somebody holds the folder; the text says who."""


class FolderLock:
    """Context manager; raises AlreadyRunning on entry. Makes the folder if it is missing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: int | None = None

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        file = os.open(self._folder / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(file, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(file)
            raise AlreadyRunning(f"Kaibo already runs on {self._folder} (process {holder}).") from None
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None
