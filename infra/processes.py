"""What a process does about itself: never outlive its parent, keep its collector calm."""

import ctypes
import gc
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


def calm_collector() -> None:
    """Keep the collector out of the way of crowds: full collections stopped a loop for up to 0.5 s.

    To be called once all is loaded: what is there then is never looked at again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
