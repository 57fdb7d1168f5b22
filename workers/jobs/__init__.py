"""The jobs process: uploads, replays, clips and covers."""

from workers.jobs.process import run

__all__ = ["run"]
