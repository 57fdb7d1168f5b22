"""A worker under the supervisor: loads its code while the servers start, runs when told to.

`python -m workers.up.child NAME` imports `workers.NAME`, waits for one line on stdin, then runs it. An
end of input instead of a line means that the supervisor is gone.
"""

import importlib
import importlib.util
import sys

from infra.settings import load
from infra.telemetry import configure_logging

LOADED_LATE = ("server", "process")
"""Modules that some workers import only when they run."""


def main(name: str) -> None:
    """Load the worker, wait, run it until it is told to stop."""
    settings = load()
    configure_logging(name, settings.log_level)
    worker = importlib.import_module(f"workers.{name}")
    for module in LOADED_LATE:
        if importlib.util.find_spec(f"workers.{name}.{module}"):
            importlib.import_module(f"workers.{name}.{module}")
    if sys.stdin.readline():
        worker.run(settings)


if __name__ == "__main__":
    main(sys.argv[1])
