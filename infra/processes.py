"""Child processes that never outlive their parent."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)
_forker = 0


def _remember_forker() -> None:
    global _forker
    _forker = os.getpid()


os.register_at_fork(before=_remember_forker)


def die_with_parent() -> None:
    """Let the kernel send this process SIGTERM when its parent is gone; for `preexec_fn`. Linux, prctl(2).

    The signal comes when the thread that forked ends, so fork from one that lives as long as the process.
    """
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != _forker:
        os._exit(1)
